select seen_twice.x, "seen_twice".y from seen_twice, D.S.SEEN as "seen_twice"
