-- TABLE() and IDENTIFIER() of literals are tables.
-- reads: CORE.ORDERS, CORE."Mixed Case", DB.SCH.T3
select count(*) from table('core.orders')
union all
select count(*) from identifier('core."Mixed Case"')
union all
select count(*) from table($$db.sch.t3$$);
