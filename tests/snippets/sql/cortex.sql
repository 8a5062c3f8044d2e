-- reads: DOCS, PROMPTS
select snowflake.cortex.complete('llama3-8b', p.prompt || d.text), ai_classify(d.text, ['a', 'b']):labels[0]::string, snowflake.cortex.embed_text_768('m', d.text)
from docs d cross join prompts p;
