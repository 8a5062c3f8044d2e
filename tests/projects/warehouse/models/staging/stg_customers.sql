/*---
secure: true
---
Customers as the shop
knows them.
*/
select id as customer_id, name from shop.customers;
