-- truncates: A, B, "c"
truncate table a;
truncate b;
truncate table if exists "c";
