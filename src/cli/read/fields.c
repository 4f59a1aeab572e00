#include "cli/read/fields.h"

#include <string.h>

#include "cli/base/suggest.h"
#include "cli/base/text.h"

static const char *key_at(const void *fields, size_t index) {
    return ((const field *)fields)[index].key;
}

bool refuse_form(const field_reader *reader, position at, const char *found,
                 const value_form *form) {
    report_at(reader->sink, reader->file, at, "%s is not %s%s%s", found, form->name,
              form->example == NULL ? "" : "; write ", form->example == NULL ? "" : form->example);
    return false;
}

bool expect_kind(const field_reader *reader, const node *value, node_kind kind,
                 const value_form *form) {
    if (node_is_nothing(value)) {
        report_at(reader->sink, reader->file, value->at, "the value is missing; write %s",
                  form->example == NULL ? form->name : form->example);
        return false;
    }
    if (value->kind != kind) {
        return refuse_form(reader, value->at, node_kind_name(value), form);
    }
    return true;
}

const node_entry *find_entry(const node *mapping, const char *key) {
    for (size_t index = 0; index < mapping->entry_count; index++) {
        if (strcmp(mapping->entries[index].key, key) == 0) {
            return &mapping->entries[index];
        }
    }
    return NULL;
}

static const field *find_field(const field_table *table, const char *key) {
    for (size_t index = 0; index < table->count; index++) {
        if (strcmp(table->fields[index].key, key) == 0) {
            return &table->fields[index];
        }
    }
    return NULL;
}

static bool refuse_key(const field_reader *reader, const node_entry *entry,
                       const field_table *table) {
    arena *memory = reader->sink->memory;
    report_at(reader->sink, reader->file, entry->key_at, "unknown key %s in %s%s",
              text_quote(memory, entry->key), table->noun,
              suggest_or_list(memory, entry->key, table->fields, table->count, key_at));
    return false;
}

static bool check_required(const field_reader *reader, const node *mapping,
                           const field_table *table) {
    bool is_complete = true;
    for (size_t index = 0; index < table->count; index++) {
        const field *wanted = &table->fields[index];
        if (wanted->is_required && find_entry(mapping, wanted->key) == NULL) {
            report_at(reader->sink, reader->file, mapping->at, "%s needs the key '%s'", table->noun,
                      wanted->key);
            is_complete = false;
        }
    }
    return is_complete;
}

/* Continues after an error, but reports only the first failure of the table's check. */
static bool read_entries(const field_reader *reader, const node *mapping, const field_table *table,
                         void *out_object, bool *out_are_keys_known) {
    bool is_sound = true;
    bool is_consistent = true;
    for (size_t index = 0; index < mapping->entry_count; index++) {
        const node_entry *entry = &mapping->entries[index];
        const field *known = find_field(table, entry->key);
        if (known == NULL) {
            *out_are_keys_known = refuse_key(reader, entry, table);
        } else if (!known->read(reader, entry->value, (char *)out_object + known->offset)) {
            is_sound = false;
        } else if (is_consistent && table->check != NULL) {
            is_consistent = table->check(reader, entry->value, out_object);
        }
    }
    return is_sound && is_consistent;
}

static bool refuse_no_mapping(const field_reader *reader, const node *value,
                              const field_table *table) {
    report_at(reader->sink, reader->file, value->at,
              "%s must be a mapping with the keys %s; found %s", table->noun,
              list_words(reader->sink->memory, " and ", table->fields, table->count, key_at),
              node_kind_name(value));
    return false;
}

bool fields_read(const field_reader *reader, const node *mapping, const field_table *table,
                 void *out_object) {
    if (mapping->kind != NODE_MAPPING) {
        return refuse_no_mapping(reader, mapping, table);
    }
    bool are_keys_known = true;
    bool is_sound = read_entries(reader, mapping, table, out_object, &are_keys_known);
    /* An unknown key may be a misspelt required key. */
    return are_keys_known && check_required(reader, mapping, table) && is_sound;
}
