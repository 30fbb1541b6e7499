/** An open menu (<details class="menu">) closes on a tap elsewhere and on Escape. */
export function watchMenus() {
  const close = (except) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (menu !== except) menu.open = false;
    }
  };
  document.addEventListener("click", ({ target }) => close(target.closest("details.menu")));
  document.addEventListener("keydown", ({ key }) => key === "Escape" && close(null));
}
