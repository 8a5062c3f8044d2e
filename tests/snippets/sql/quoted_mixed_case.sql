-- Quoted names stand as they are written.
-- reads: "Raw"."Order Lines", "lower", PLAIN
-- inserts: "Core"."Lines""X"
insert into "Core"."Lines""X" ("Id", "name")
select l."Id", p.name from "Raw"."Order Lines" l join "lower" w on w."Id" = l."Id" join Plain p on p.id = l."Id";
