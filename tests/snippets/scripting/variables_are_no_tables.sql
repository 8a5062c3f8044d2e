-- Variables, cursors' rows and columns of the same names as tables.
-- reads: ORDERS
-- inserts: TOTALS
declare
    orders_total float default 0.0;
    customers varchar default 'customers';
    c cursor for select amount as products from orders;
begin
    for row_of in c do
        orders_total := orders_total + row_of.products;
    end for;
    insert into totals (name, total) select :customers, :orders_total;
    return object_construct('orders', orders_total, 'from', customers);
end;
