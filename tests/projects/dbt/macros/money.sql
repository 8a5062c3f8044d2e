{% macro cents_to_euros(column) %}({{ column }} / 100)::number(16, 2){% endmacro %}
