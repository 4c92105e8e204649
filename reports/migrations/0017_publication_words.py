"""On PostgreSQL the words of what is public are found by a trigram index; where the extension is refused, by a scan."""

from django.db import DatabaseError, migrations, transaction

INDEX = "publication_words"


def make_index(apps, schema_editor):
    connection = schema_editor.connection
    if connection.vendor != "postgresql":
        return
    try:
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
            cursor.execute(
                f"CREATE INDEX IF NOT EXISTS {INDEX} ON reports_publication USING gin (search_text gin_trgm_ops)"
            )
    except DatabaseError:
        return


def drop_index(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP INDEX IF EXISTS {INDEX}")


class Migration(migrations.Migration):
    dependencies = [("reports", "0016_publication")]

    operations = [migrations.RunPython(make_index, drop_index)]
