# Filters for streams of azml records, for jq 1.6 and later. From the folder of this checkout:
#
#   azml extract --source source.json |
#     jq -c -L config 'include "azml"; jobs(.status == "Completed" and .experiment == "churn")' |
#     azml submit --target target.json
#
# A stream holds more than jobs. Control records tell the stages behind how it went: an `error` for each record that
# failed, an `end` when a stage finished on purpose. A filter that drops them hides failures from the last exit code,
# and makes azml say that the stream may have been cut short. A bare `select(.status == "Completed")` drops them.

# jobs(f): the jobs for which f holds, and every record that is no job.
# `points` records pass, whether or not their job did: they have no fields to select by, and the next stage leaves
# aside those whose job did not come, and counts them as dropped.
def jobs(f): if .kind == "job" then select(f) else . end;

# units(f): the same for what `azml plan` writes.
def units(f): if .kind == "unit" then select(f) else . end;

# receipts(f): the same for what `azml submit` writes.
def receipts(f): if .kind == "receipt" then select(f) else . end;

# control: whether a record is a control record.
def control: .kind == "error" or .kind == "end";
