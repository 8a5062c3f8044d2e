{# One end of the run's window of days, 'from' or 'to', as the task `setup` returned it. #}
{% macro window(end) -%}
parse_json(system$get_predecessor_return_value('setup')):"{{ end }}"::timestamp_ntz
{%- endmacro %}

{# A column of 0 and 1 for each value: born_germany, born_france, ... #}
{% macro one_hot(column, values, prefix) -%}
{% for value in values -%}
iff({{ column }} = '{{ value }}', 1, 0)::float as {{ prefix }}_{{ value | lower }}{{ "" if loop.last else ",\n  " }}
{%- endfor %}
{%- endmacro %}

{# Whether a row belongs to the training data: a share of the rows, at random, yet always the same for the same key.
   The first four digits of a hash are below the share's own as often as the share says. #}
{% macro in_training(key) -%}
left(md5('{{ var('split_seed') }}:' || {{ key }}), 4) < '{{ '%04x' % ((var('training_share') * 65536) | int) }}'
{%- endmacro %}
