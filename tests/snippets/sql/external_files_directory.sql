-- A directory table belongs to a stage, and a stage is no table.
-- reads: PARSED
-- inserts: FILES_TO_PARSE
insert into files_to_parse
select d.relative_path, build_scoped_file_url(@docs, d.relative_path)
from directory(@docs) d
left join parsed p on p.path = d.relative_path
where p.path is null and d.size > 0;
