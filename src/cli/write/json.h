/* JSON through json-c: exact integers, null for unknown values. The functions end the command if it
 * is out of memory. */
#ifndef REIN_CLI_WRITE_JSON_H
#define REIN_CLI_WRITE_JSON_H

#include <json-c/json.h>

#include "cli/base/diagnostics.h"
#include "contract/budget.h"
#include "contract/device.h"

/* The version of every JSON document that the command writes. */
enum { JSON_SCHEMA_VERSION = 1 };

/* Returns a new object with the members that every document starts with. */
json_object *json_document(const char *command);

/* Add a member. A NULL text, an empty text and an unknown fact become null. Texts are unchanged,
 * except that bytes that are not UTF-8 become \xNN. */
void json_add_text(json_object *object, const char *key, const char *text);
void json_add_unsigned(json_object *object, const char *key, uint64_t number);
void json_add_signed(json_object *object, const char *key, int64_t number);
void json_add_bool(json_object *object, const char *key, bool is_true);
void json_add_fact(json_object *object, const char *key, rein_fact_u64 fact);
void json_add_signed_fact(json_object *object, const char *key, rein_fact_i64 fact);
/* Adds a member for each part of a budget. */
void json_add_budget(json_object *object, const rein_resource_budget *budget);
/* Adds a member for each fact of a device. */
void json_add_profile_facts(json_object *object, const rein_device_profile *profile);

/* Add a new object or array as a member and return it. */
json_object *json_add_object(json_object *object, const char *key);
json_object *json_add_array(json_object *object, const char *key);
/* Appends a new object and returns it. */
json_object *json_append_object(json_object *array);
void json_append_text(json_object *array, const char *text);

/* Writes the document to standard output and frees it. Reports a failure and returns false. */
bool json_print(diagnostics *sink, json_object *document);

/* Returns the document as a text without line feeds, owned by the caller. Frees the document. */
char *json_line(json_object *document);

#endif
