-- Two tables filled anew out of one query.
-- reads: WIDE
-- replaces: LEFT_PART, RIGHT_PART
insert overwrite all
    into left_part (id, a) values (id, a)
    into right_part (id, b) values (id, b)
select id, a, b from wide;
