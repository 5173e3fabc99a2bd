/* The words of rule files, as tables: for the loader, which reads them. Each is ended by NULL
 * and indexed by its enum. */
#ifndef RULES_WORDS_H
#define RULES_WORDS_H

extern const char *const severity_words[];
extern const char *const confidence_words[];
extern const char *const status_words[];
extern const char *const risk_words[];
extern const char *const root_words[];
extern const char *const source_words[];
extern const char *const fact_test_words[];
extern const char *const fact_state_words[]; /* by enum fact_state */
extern const char *const verdict_words[];    /* what a rule may make of a boot without a panic */

#endif
