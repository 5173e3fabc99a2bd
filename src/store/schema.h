/* The tables, as doc/database.md tells them. */
#ifndef STORE_SCHEMA_H
#define STORE_SCHEMA_H

/* PRAGMA application_id: "vmpa". */
#define STORE_APPLICATION_ID 0x766d7061
/* PRAGMA user_version: another one is another schema. */
#define STORE_SCHEMA_VERSION 2

extern const char *const store_schema;
/* What the connection knows of its scan: temporary, and not part of the file. */
extern const char *const store_schema_of_scan;

#endif
