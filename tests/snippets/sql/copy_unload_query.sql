-- reads: MARTS.DAILY, MARTS.DIM
copy into @~/unload/daily from (select d.*, x.name from marts.daily d join marts.dim x using (id)) file_format = (type = csv) header = true;
