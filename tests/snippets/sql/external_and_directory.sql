-- reads: EXT_ORDERS
-- inserts: FILES
insert into files select relative_path, size from directory(@raw.landing) d join ext_orders e on e.path = d.relative_path;
