/** What is printed in shops and warehouses; fewer formats read faster and misread less. */
export const FORMATS = [
  "ean_13", "ean_8", "upc_a", "upc_e", "code_128", "code_39", "itf", "qr_code", "data_matrix",
  "databar", "databar_expanded", "pdf417",
];

/** Without these the browser's own detector is of no use to us. */
export const NEEDED = ["ean_13", "ean_8", "code_128", "itf", "qr_code", "data_matrix"];
