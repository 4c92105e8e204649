"""What the queue filters by, for reports that were submitted before it was kept on them."""

from django.db import migrations


def count(apps, schema_editor):
    Report = apps.get_model("reports", "Report")
    Submission = apps.get_model("reports", "Submission")
    newest = {}
    for report, number, findings in (
        Submission.objects.order_by("number").values_list("report_id", "number", "findings").iterator()
    ):
        newest[report] = (number, sum(finding.get("level") == "warning" for finding in findings))
    for report, (number, warnings) in newest.items():
        Report.objects.filter(pk=report).update(times_submitted=number, all_warnings=warnings)


class Migration(migrations.Migration):

    dependencies = [("reports", "0009_queue")]

    operations = [migrations.RunPython(count, migrations.RunPython.noop)]
