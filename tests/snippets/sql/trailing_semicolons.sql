-- reads: A, B
;;select 1 from a;;
select 2 from b;
;
