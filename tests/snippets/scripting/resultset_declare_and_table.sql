-- reads: A, B, C
declare
    r resultset;
    q varchar;
begin
    r := (select * from a join b using (id));
    let r2 resultset := (select count(*) from c);
    return table(r);
end;
