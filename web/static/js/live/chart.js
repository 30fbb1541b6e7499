/*
 * <live-chart data-kind="bars|columns" data-values='[["name", 3, "bad"], …]'>: bars that grow and
 * shrink when the values do.  In a "waterfall" each row has its words and where its bar begins:
 * ["name", 3, "bad", "3", 80]; "margins" have two bars a row.  The picture is in a shadow tree, so that a region that is read anew
 * leaves it where it is.  The numbers themselves stand beside it, in words.
 */
const PARTS = ["ink", "ink-soft", "line", "accent", "good", "warn", "bad", "sans"];

function look(element) {
  const style = getComputedStyle(element);
  return Object.fromEntries(PARTS.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
}

/** ECharts' option; `rows` are [name, number, colour's name]. */
export function option(kind, rows, colours) {
  const isBars = kind === "bars";
  const shown = isBars ? rows.toReversed?.() ?? [...rows].reverse() : rows;
  const names = {
    type: "category",
    data: shown.map(([name]) => name),
    axisTick: { show: false },
    axisLine: { lineStyle: { color: colours.line } },
    axisLabel: { color: colours.ink, fontSize: 13, interval: 0, width: isBars ? 120 : 70, overflow: "break" },
  };
  const numbers = { type: "value", minInterval: 1, show: false };
  return {
    textStyle: { fontFamily: colours.sans },
    grid: { left: 4, right: isBars ? 40 : 4, top: isBars ? 4 : 24, bottom: 4, containLabel: true },
    xAxis: isBars ? numbers : names,
    yAxis: isBars ? names : numbers,
    series: [{
      type: "bar",
      barMaxWidth: 36,
      label: { show: true, position: isBars ? "right" : "top", color: colours.ink, fontWeight: "bold", fontSize: 14 },
      data: shown.map(([, value, colour]) => ({ value, itemStyle: { color: colours[colour] ?? colours.accent, borderRadius: 4 } })),
    }],
  };
}

/** Bars that begin where the one above them ends: the whole, and what each part takes off it. */
export function waterfall(rows, colours) {
  const shown = [...rows].reverse();
  const bar = (data, more) => ({ type: "bar", stack: "whole", barMaxWidth: 22, data, ...more });
  return {
    animationDuration: 300,
    textStyle: { fontFamily: colours.sans },
    grid: { left: 4, right: 56, top: 4, bottom: 4, containLabel: true },
    xAxis: { type: "value", show: false },
    yAxis: {
      type: "category",
      data: shown.map(([name]) => name),
      axisTick: { show: false },
      axisLine: { lineStyle: { color: colours.line } },
      axisLabel: { color: colours.ink, fontSize: 13, interval: 0, width: 118, overflow: "break" },
    },
    series: [
      bar(shown.map((row) => row[4]), { itemStyle: { color: "transparent" }, silent: true }),
      bar(shown.map(([, value, colour, words]) => ({
        value,
        itemStyle: { color: colours[colour] ?? colours["ink-soft"], borderRadius: 3 },
        label: { formatter: words },
      })), { label: { show: true, position: "right", color: colours.ink, fontWeight: "bold", fontSize: 14 } }),
    ],
  };
}

/**
 * Revenue and margin side by side: rows are [name, revenue, margin, words].  Names stand below each
 * other, periods ("margin-periods") beside each other.
 */
export function margins(rows, colours, arePeriods) {
  const shown = arePeriods ? rows : [...rows].reverse();
  const names = {
    type: "category",
    data: shown.map(([name]) => name),
    axisTick: { show: false },
    axisLine: { lineStyle: { color: colours.line } },
    axisLabel: { color: colours.ink, fontSize: 13, interval: arePeriods ? "auto" : 0, width: 110, overflow: "truncate", hideOverlap: true },
  };
  const numbers = { type: "value", show: false };
  const bar = (data, more) => ({ type: "bar", barMaxWidth: 18, barGap: "10%", data, ...more });
  const words = { show: !arePeriods, position: "right", color: colours.ink, fontWeight: "bold", fontSize: 13 };
  const revenue = shown.map(([, value]) => ({ value, itemStyle: { color: colours["ink-soft"], borderRadius: 3 } }));
  const margin = shown.map(([, , value, said]) => ({
    value,
    itemStyle: { color: value < 0 ? colours.bad : colours.accent, borderRadius: 3 },
    label: { formatter: said },
  }));
  return {
    animationDuration: 300,
    textStyle: { fontFamily: colours.sans },
    grid: { left: 4, right: arePeriods ? 8 : 64, top: 8, bottom: 4, containLabel: true },
    xAxis: arePeriods ? names : numbers,
    yAxis: arePeriods ? numbers : names,
    series: [bar(revenue), bar(margin, { label: words })],
  };
}

const KINDS = {
  waterfall,
  margins: (rows, colours) => margins(rows, colours, false),
  "margin-periods": (rows, colours) => margins(rows, colours, true),
};

class LiveChart extends HTMLElement {
  static observedAttributes = ["data-values"];
  #chart = null;
  #sizes = null;

  connectedCallback() {
    if (!this.shadowRoot) {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(":host > *, div { width: 100%; height: 100% }");
      this.attachShadow({ mode: "open" }).adoptedStyleSheets = [sheet];
      this.shadowRoot.append(document.createElement("div"));
    }
    this.#chart ??= globalThis.echarts.init(this.shadowRoot.firstElementChild, null, { renderer: "canvas" });
    this.#sizes = new ResizeObserver(() => this.#chart?.resize());
    this.#sizes.observe(this);
    this.#show();
  }

  disconnectedCallback() {
    this.#sizes?.disconnect();
    this.#chart?.dispose();
    this.#chart = null;
  }

  attributeChangedCallback() {
    if (this.#chart) this.#show();
  }

  #show() {
    const rows = JSON.parse(this.dataset.values);
    this.#chart.resize();
    const { kind } = this.dataset;
    this.#chart.setOption(KINDS[kind]?.(rows, look(this)) ?? option(kind, rows, look(this)));
  }
}

// A module runs after the deferred script that it needs.
if (globalThis.customElements) customElements.define("live-chart", LiveChart);
