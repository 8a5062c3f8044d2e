-- reads: PARAMS
-- calls: REFRESH_ALL, OPS.LOAD, DB2.OPS."Run It"
call refresh_all();
call ops.load('raw', (select max(day) from params), array_construct(1, 2));
call db2.ops."Run It"(from_table => 'x', dry => true);
