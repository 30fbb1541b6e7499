"""The tree, the people, the places and the goods of the demo company."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.access import company as tree
from app.access.devices import RegisterDevice, register_device
from app.access.people import CreateUser, create_user
from app.access.secrets import hash_password, hash_pin, new_token, token_hash
from app.catalog import commands as catalog
from app.catalog.places import PlaceKind
from app.demo.goods import CATEGORIES, UNITS, Good, goods
from app.demo.maker import FIRST, Maker
from app.kit.database import Caller
from app.kit.transactions import Secret

NAME = "好味烘焙"
PASSWORD = "haowei2026"  # noqa: S105 - printed on purpose: everybody may try the demo
PIN = "2580"
KITCHEN = "CK"
AREAS = {"PX": "浦西", "PD": "浦东"}
STORES = {
    KITCHEN: ("PD", "中央厨房"),
    "S1": ("PX", "人民路店"),
    "S2": ("PX", "静安店"),
    "S3": ("PD", "陆家嘴店"),
}
# Zones of the kitchen and of each shop: name, do orders pick from it, first and last place.
KITCHEN_ZONES = {
    "A": ("常温货架区", True, "CK-A-01-01", "CK-A-06-06"),
    "C": ("冷藏库", True, "CK-C-01", "CK-C-16"),
    "F": ("冷冻库", True, "CK-F-01", "CK-F-04"),
    "P": ("包材区", True, "CK-P-01", "CK-P-12"),
    "Q": ("待检区", False, "CK-Q-01", "CK-Q-04"),
}
SHOP_ZONES = {
    "A": ("货架", True, "{store}-A-01", "{store}-A-04"),
    "C": ("冷柜", True, "{store}-C-01", "{store}-C-02"),
}
DOCK = "收货月台"
# Of the kitchen: a second warehouse that orders don't take from, and the places on the way out.
AUXILIARY = ("CK-X", "CK-X-01", "备货仓")
STAGING = ("CK-S-01", "CK-S-04", "发货暂存区")
CARTS = ("CK-T-01", "CK-T-06", "拣货车")
SUPPLIERS = {
    "V01": ("金穗粮油批发", "021-5550 0101"),
    "V02": ("光明谷乳业", "021-5550 0102"),
    "V03": ("鲜又多食品配送", "021-5550 0103"),
    "V04": ("洁包包装材料", "021-5550 0104"),
    "V05": ("恒热烘焙设备", "021-5550 0105"),
}
KIND_OF_ZONE: dict[str, PlaceKind] = {"D": "dock", "S": "staging", "T": "cart"}
CUSTOMERS = {
    "K01": ("云上咖啡（团购）", "021-5550 0201"),
    "K02": ("阳光幼儿园", "021-5550 0202"),
    "K03": ("滨江酒店", "021-5550 0203"),
}


@dataclass(frozen=True)
class Person:
    """Somebody who can sign in.  ``store`` is a store's code, ``area`` an area's, '' for all."""

    name: str
    role: str
    store: str = ""
    area: str = ""
    badge: str | None = None


PEOPLE = {
    "admin": Person("系统管理员", "administrator"),
    "hq": Person("陈总部", "headquarters"),
    "area": Person("周区域", "area_manager", area="PX"),
    "manager": Person("林店长", "store_manager", KITCHEN),
    "lead": Person("赵主管", "supervisor", KITCHEN),
    "zhang": Person("张伟", "operator", KITCHEN, badge="1001"),
    "li": Person("李娜", "operator", KITCHEN, badge="1002"),
    "wang": Person("王芳", "operator", "S1", badge="1003"),
}
DEVICES = ("PDA-01", "PDA-02")


@dataclass
class Company:
    """Ids of what was made, by their codes."""

    areas: dict[str, int] = field(default_factory=dict[str, int])
    stores: dict[str, int] = field(default_factory=dict[str, int])
    items: dict[str, int] = field(default_factory=dict[str, int])
    locations: dict[str, int] = field(default_factory=dict[str, int])


def make_company(maker: Maker) -> Company:
    """Everything that exists before any stock does."""
    made = Company()
    _make_tree(maker, made)
    _make_people(maker, made)
    _make_places(maker, made)
    _make_partners(maker)
    _make_goods(maker, made)
    return made


def _make_tree(maker: Maker, made: Company) -> None:
    maker.do(FIRST, tree.change_company, tree.ChangeCompany(NAME, gs1_prefix="6901234"))
    for code, name in AREAS.items():
        command = tree.CreateArea(code, name)
        made.areas[code] = maker.do(f"area {code}", tree.create_area, command).id
    for code, (area, name) in STORES.items():
        store = tree.CreateStore(made.areas[area], code, name)
        made.stores[code] = maker.do(f"store {code}", tree.create_store, store).id


def _make_people(maker: Maker, made: Company) -> None:
    # One hash for all of them: hashing is slow on purpose, and the passwords are no secret.
    password, pin = Secret(hash_password(PASSWORD)), Secret(hash_pin(PIN))
    for login, person in PEOPLE.items():
        command = CreateUser(
            login=login,
            name=person.name,
            role=person.role,
            password_hash=password,
            badge=person.badge,
            pin_hash=pin if person.badge else None,
            store_ids=(made.stores[person.store],) if person.store else (),
            area_ids=(made.areas[person.area],) if person.area else (),
        )
        user_id = maker.do(f"user {login}", create_user, command).user_id
        maker.callers[login] = _caller(user_id, person, made)
    _make_devices(maker, made)


def _caller(user_id: int, person: Person, made: Company) -> Caller:
    if person.store:
        store_id = made.stores[person.store]
        return Caller(user_id, str(store_id), store_id=store_id)
    if person.area:
        ids = [made.stores[code] for code, (area, _) in STORES.items() if area == person.area]
        return Caller(user_id, ",".join(map(str, ids)), store_id=ids[0])
    return Caller(user_id, "*", store_id=made.stores[KITCHEN])


def _make_devices(maker: Maker, made: Company) -> None:
    """The handhelds of the kitchen's operators, so that movements say where they were scanned."""
    for device, login in zip(DEVICES, ("zhang", "li"), strict=True):
        command = RegisterDevice(
            name=device,
            store_id=made.stores[KITCHEN],
            token_hash=Secret(token_hash(new_token())),
            session_hash=Secret(""),
        )
        device_id = maker.do(f"device {device}", register_device, command, "lead").device_id
        caller = maker.callers[login]
        maker.callers[login] = Caller(
            caller.user_id, caller.stores, device_id, store_id=caller.store_id
        )


def _make_places(maker: Maker, made: Company) -> None:
    for store, (_, name) in STORES.items():
        zones = KITCHEN_ZONES if store == KITCHEN else SHOP_ZONES
        warehouse = maker.do(
            f"warehouse {store}",
            catalog.create_warehouse,
            catalog.CreateWarehouse(made.stores[store], f"{store}-W", f"{name}仓库"),
        ).id
        _make_zone(
            maker, made, warehouse, ("D", DOCK, False), (f"{store}-DOCK-1", f"{store}-DOCK-1")
        )
        for zone, (words, pickable, first, last) in zones.items():
            ends = (first.format(store=store), last.format(store=store))
            _make_zone(maker, made, warehouse, (zone, words, pickable), ends)
        _make_way_out(maker, made, warehouse, store)


def _make_zone(
    maker: Maker,
    made: Company,
    warehouse: int,
    zone: tuple[str, str, bool],
    ends: tuple[str, str],
) -> None:
    code, name, pickable = zone
    key = f"{warehouse} {code}"
    zone_id = maker.do(
        f"zone {key}", catalog.create_zone, catalog.CreateZone(warehouse, code, name, pickable)
    ).id
    kind = KIND_OF_ZONE.get(code, "storage")
    many = maker.do(
        f"locations {key}",
        catalog.create_locations,
        catalog.CreateLocations(warehouse, *ends, zone_id=zone_id, kind=kind),
    )
    made.locations |= dict(zip(many.codes, many.ids, strict=True))


def _make_way_out(maker: Maker, made: Company, warehouse: int, store: str) -> None:
    """Where goods wait for the lorry and the carts; in the kitchen another warehouse, too."""
    for code, (first, last, name) in (("S", STAGING), ("T", CARTS)):
        ends = (first.replace(KITCHEN, store), last.replace(KITCHEN, store))
        _make_zone(maker, made, warehouse, (code, name, False), ends)
    if store != KITCHEN:
        return
    code, place, name = AUXILIARY
    command = catalog.CreateWarehouse(made.stores[store], code, name, is_auxiliary=True)
    auxiliary = maker.do(f"warehouse {code}", catalog.create_warehouse, command).id
    _make_zone(maker, made, auxiliary, ("X", name, True), (place, place))


def _make_partners(maker: Maker) -> None:
    for code, (name, phone) in SUPPLIERS.items():
        partner = catalog.CreatePartner(code, name, "supplier", phone=phone)
        maker.do(f"partner {code}", catalog.create_partner, partner)
    for code, (name, phone) in CUSTOMERS.items():
        partner = catalog.CreatePartner(code, name, "customer", phone=phone)
        maker.do(f"partner {code}", catalog.create_partner, partner)


def _make_goods(maker: Maker, made: Company) -> None:
    for code, decimals in UNITS.items():
        unit = catalog.CreateUnit(code, "千克" if code == "kg" else code, decimals)
        maker.do(f"unit {code}", catalog.create_unit, unit)
    categories: dict[str, int] = {}
    for code, (name, parent) in CATEGORIES.items():
        category = catalog.CreateCategory(code, name, categories[parent] if parent else None)
        made_category = maker.do(f"category {code}", catalog.create_category, category)
        categories[code] = made_category.id
    for good in goods().values():
        _make_good(maker, made, good, categories[good.category])


def _make_good(maker: Maker, made: Company, good: Good, category: int) -> None:
    item = catalog.CreateItem(
        code=good.code,
        name=good.name,
        base_unit=good.unit,
        specification=good.specification,
        category_id=category,
        tracking=good.tracking,  # pyright: ignore[reportArgumentType]
        expiry_rule=good.rule,  # pyright: ignore[reportArgumentType]
        shelf_life_days=good.life,
        minimum_days_on_receipt=good.minimum,
        catch_weight=good.catch_weight,
        inspect_on_receipt=good.inspected,
        safety_stock=good.safety,
        price=good.cost,
        tax_rate=good.tax,
    )
    key = f"item {good.code}"
    item_id = maker.do(key, catalog.create_item, item).id
    made.items[good.code] = item_id
    maker.do(f"{key} ean", catalog.add_barcode, catalog.AddBarcode(item_id, good.gtin))
    if good.pack:
        pack = catalog.AddPackaging(item_id, good.pack, good.pack_quantity, good.pack_gtin)
        maker.do(f"{key} pack", catalog.add_packaging, pack)
