/*---
columns:
  - {name: id, data_tests: [unique, not_null]}
  - name: state
    data_tests:
      - accepted_values: {values: [open, "it's done"]}
  - name: customer
    data_tests:
      - relationships: {to: ref('known_customers'), field: id}
data_tests:
  - select * from good_orders where amount < 0
---
Orders that hold together.
*/
select * from orders
