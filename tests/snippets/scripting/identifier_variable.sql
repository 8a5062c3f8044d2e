-- IDENTIFIER of a variable that is assigned once.
-- reads: REPORTING.SALES
-- inserts: REPORTING.TOTALS
declare
    source_name varchar default 'reporting.sales';
begin
    insert into reporting.totals select sum(amount) from identifier(:source_name);
end;
