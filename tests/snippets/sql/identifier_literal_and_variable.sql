-- IDENTIFIER of a literal; a session variable is not known.
-- reads: CORE.ORDERS, "Mixed Case"."Table One"
select * from identifier('core.orders') o
join identifier('"Mixed Case"."Table One"') t on t.id = o.id;
