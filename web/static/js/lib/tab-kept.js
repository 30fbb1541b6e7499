/** A text kept with this tab, through reloads; where storage is refused, nothing is kept. */
export function keptInTab(key) {
  return {
    get() {
      try {
        return sessionStorage.getItem(key);
      } catch {
        return null;
      }
    },
    set(value) {
      try {
        if (value === null) sessionStorage.removeItem(key);
        else sessionStorage.setItem(key, value);
      } catch {
        // Full or refused: what was to be kept lives as long as the page.
      }
    },
  };
}

/** Where the camera keeps the codes that it collected on this page. */
export const keptHarvest = () => keptInTab(`saoku.harvest ${location.pathname}`);
