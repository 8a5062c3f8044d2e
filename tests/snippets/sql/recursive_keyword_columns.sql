-- reads: EDGES, NODES
with recursive walk (node, depth) as (
    select id, 0 from nodes where is_root
    union all
    select e.dst, w.depth + 1 from edges e join walk w on e.src = w.node where w.depth < 10
)
select node, min(depth) from walk group by node;
