-- reads: X, Y
-- replaces: A, B
-- calls: P, Q
begin
    async (create or replace table a as select * from x);
    async (create or replace table b as select * from y);
    await all;
    let j1 resultset := async (call p());
    let j2 resultset := async (call q(1, 'x'));
    await j1;
    await j2;
end;
