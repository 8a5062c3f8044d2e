-- Statements that run beside each other.
-- reads: BIG_A, BIG_B, C
-- replaces: OUT_A
-- inserts: OUT_B, OUT_C
-- calls: REFRESH
begin
    async (create or replace table out_a as select * from big_a);
    async (insert into out_b select * from big_b);
    let r resultset := async (select count(*) from c);
    async (call refresh('x'));
    await r;
    await all;
    insert into out_c select 1;
end;
