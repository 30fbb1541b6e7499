/**
 * What the resolver looks codes up in, out of one work package:
 *
 *   items      the facts of each item
 *   codes      registered code -> [item, packaging or null]
 *   lots       "<item id> <lot>" -> lot;   lotsByCode: lot -> [{item, lot}]
 *   places     registered code -> {id, code, place, is_active}
 *   documents  number -> {kind, id, number}
 */
export function goodsOf(work) {
  const items = new Map(work.items.map((item) => [item.id, item]));
  const packagings = new Map(work.packagings.map((one) => [one.id, one]));
  const lotsByCode = new Map();
  const lots = new Map();
  for (const { item_id, ...lot } of work.lots) {
    lots.set(`${item_id} ${lot.code}`, lot);
    lotsByCode.set(lot.code, [...(lotsByCode.get(lot.code) ?? []), { item: items.get(item_id), lot }]);
  }
  return {
    items: work.items,
    codes: new Map(work.codes.map(([code, item, packaging]) => [code, [items.get(item), packagings.get(packaging) ?? null]])),
    lots,
    lotsByCode,
    places: new Map(work.places.map(([registered, id, code, place]) => [registered, { id, code, place, is_active: true }])),
    documents: new Map(work.documents.map((one) => [one.number.toUpperCase(), one])),
  };
}
