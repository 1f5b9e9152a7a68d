// SQLite 3 for Swift.
#ifndef CSQLITE_SHIM_H
#define CSQLITE_SHIM_H

#include <sqlite3.h>

// Swift cannot call a function with a variable number of arguments. The statistics cost a lock for each
// allocation, and nobody reads them. To be called before the first database is opened.
static inline int csqlite_disable_memory_statistics(void) {
    return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

#endif
