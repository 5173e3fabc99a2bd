/* Metrics in Prometheus' text format, for the textfile collector of the node exporter: gauges, for a scan
 * may find less than the one before. */
#include <inttypes.h>

#include "base/escape.h"
#include "base/limits.h"
#include "base/stamp.h"
#include "report/fleet_parts.h"

static void put_head(struct fleet_writer *writer, const char *name, const char *help)
{
	buf_printf(&writer->text, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name);
}

static void put_gauge(struct fleet_writer *writer, const char *name, const char *help, uint64_t value)
{
	put_head(writer, name, help);
	buf_printf(&writer->text, "%s %" PRIu64 "\n", name, value);
}

/* What is not a moment that one clock can tell is no metric. */
static void put_moment(struct fleet_writer *writer, const char *name, const char *help, struct slice moment)
{
	struct stamp stamp;
	if (!stamp_eat_iso(&moment, &stamp) || stamp.kind != STAMP_ABSOLUTE || stamp.time_ms < 0)
		return;
	put_head(writer, name, help);
	buf_printf(&writer->text, "%s %" PRIi64 ".%03d\n", name, stamp.time_ms / 1000, (int)(stamp.time_ms % 1000));
}

static void put_label(struct fleet_writer *writer, const char *before, struct slice value)
{
	buf_text(&writer->text, before);
	escape_label(&writer->text, value);
	buf_char(&writer->text, '"');
}

static void put_verdicts(struct fleet_writer *writer, const struct store_totals *totals)
{
	struct fleet_count counts[FLEET_VERDICTS];
	fleet_verdicts(totals, counts);
	put_head(writer, "vmpanic_boots", "Boots that the scan found, by verdict.");
	for (size_t i = 0; i < FLEET_VERDICTS; i++)
		buf_printf(&writer->text, "vmpanic_boots{verdict=\"%s\"} %" PRIu64 "\n", counts[i].word, counts[i].count);
}

static void put_totals(struct fleet_writer *writer, const struct store_totals *totals, struct slice made_at)
{
	put_moment(writer, "vmpanic_scan_timestamp_seconds", "When the report was made, in seconds since 1970.", made_at);
	put_gauge(writer, "vmpanic_vms", "VMs of which the scan found a log.", totals->vms);
	put_gauge(writer, "vmpanic_failed_vms", "VMs of which a boot failed.", totals->failed_vms);
	put_gauge(writer, "vmpanic_sources", "Logs that the scan read.", totals->sources);
	put_gauge(writer, "vmpanic_unread_sources", "Logs that could not be read to the end.", totals->unread_sources);
	put_verdicts(writer, totals);
	put_gauge(writer, "vmpanic_incomplete_boots", "Boots whose text is incomplete.", totals->incomplete_boots);
	put_moment(writer, "vmpanic_last_failure_timestamp_seconds",
		   "When the last boot failed of those whose time is known, in seconds since 1970.", totals->last_at);
}

/* Of boots without a cause the label is empty, as if it were not there: any word might be a cause, too. */
static bool take_cause_boots(void *user, const struct store_group *group)
{
	struct fleet_writer *writer = user;
	put_label(writer, "vmpanic_failed_boots{cause=\"", group->key);
	buf_printf(&writer->text, "} %" PRIu64 "\n", group->boots);
	return fleet_flush(writer);
}

static bool take_cause_vms(void *user, const struct store_group *group)
{
	struct fleet_writer *writer = user;
	put_label(writer, "vmpanic_cause_failed_vms{cause=\"", group->key);
	buf_printf(&writer->text, "} %" PRIu64 "\n", group->vms);
	return fleet_flush(writer);
}

static bool take_vm(void *user, const struct store_group *group)
{
	struct fleet_writer *writer = user;
	put_label(writer, "vmpanic_vm_failed_boots{vm_id=\"", group->key);
	put_label(writer, ",vm_name=\"", group->name);
	put_label(writer, ",cause=\"", group->cause);
	buf_printf(&writer->text, "} %" PRIu64 "\n", group->boots);
	return fleet_flush(writer);
}

static bool put_causes(struct fleet_writer *writer, struct store *store)
{
	put_head(writer, "vmpanic_failed_boots", "Boots that failed, by cause.");
	if (!store_each_group(store, STORE_BY_CAUSE, UINT64_MAX, take_cause_boots, writer, writer->err))
		return false;
	put_head(writer, "vmpanic_cause_failed_vms",
		 "VMs of which a boot failed, by cause; a VM counts for each cause that it has.");
	return store_each_group(store, STORE_BY_CAUSE, UINT64_MAX, take_cause_vms, writer, writer->err);
}

static bool put_vms(struct fleet_writer *writer, struct store *store, const struct store_totals *totals)
{
	uint64_t unlisted = totals->failed_vms > METRIC_VMS_MAX ? totals->failed_vms - METRIC_VMS_MAX : 0;
	put_gauge(writer, "vmpanic_listed_vms_limit", "How many VMs vmpanic_vm_failed_boots lists at most, the worst first.",
		  METRIC_VMS_MAX);
	put_gauge(writer, "vmpanic_unlisted_failed_vms", "VMs of which a boot failed and that are beyond the limit.",
		  unlisted);
	put_head(writer, "vmpanic_vm_failed_boots", "Boots of a VM that failed; the cause is that of the worst of them.");
	return store_each_group(store, STORE_BY_VM, METRIC_VMS_MAX, take_vm, writer, writer->err);
}

static bool write_metrics(struct store *store, const struct report_output *output,
			  const struct fleet_options *options, struct error *err)
{
	struct fleet_writer writer;
	struct store_totals totals;
	fleet_writer_init(&writer, output, err);
	bool is_made = store_totals(store, &totals, err);
	if (is_made)
		put_totals(&writer, &totals, options->made_at);
	return fleet_writer_end(&writer, is_made && put_causes(&writer, store) && put_vms(&writer, store, &totals));
}

const struct fleet_format fleet_prometheus = { "prometheus", write_metrics };
