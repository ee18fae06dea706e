"""An office's settings: documented, with defaults, and never misunderstood in silence."""

from decimal import Decimal
from pathlib import Path

import pytest

from orchestration.settings import ALLOWED, Settings, SettingsProblem, read_settings


def written(folder: Path, text: str) -> Settings:
    (folder / "settings.toml").write_text(text, encoding="utf-8")
    return read_settings(folder)


def test_without_a_file_the_defaults_hold(tmp_path: Path):
    assert read_settings(tmp_path) == Settings()
    assert Settings().period_rule == "nd09_2019"
    assert Settings().as_dbt_vars() == {
        "period_rule": "nd09_2019",
        "period_kinds": ["quarter"],
        "survey_minimum": "0.2",
        "survey_denominator": "resolved_total",
    }


def test_a_share_is_read_exactly(tmp_path: Path):
    settings = written(tmp_path, "survey_minimum = 0.1499999999999999999\n")
    assert settings.survey_minimum == Decimal("0.1499999999999999999")


def test_quarters_are_always_computed_and_kinds_stand_in_one_order(tmp_path: Path):
    settings = written(tmp_path, 'period_kinds = ["year", "month"]')
    assert settings.period_kinds == ("quarter", "month", "year")


def test_equal_choices_are_written_alike(tmp_path: Path):
    one = written(tmp_path, 'period_kinds = ["year"]\nsurvey_minimum = 0.20')
    other = written(tmp_path, 'survey_minimum = 0.2\nperiod_kinds = ["quarter", "year"]')
    assert one.as_json() == other.as_json()


def test_a_file_saved_by_notepad_is_read(tmp_path: Path):
    (tmp_path / "settings.toml").write_bytes("quiet_days = 10\r\n".encode("utf-8-sig"))
    assert read_settings(tmp_path).quiet_days == 10


def test_a_cluster_is_named_with_what_it_needs(tmp_path: Path):
    settings = written(
        tmp_path,
        'engine = "spark"\nspark_master = "spark://10.0.0.5:7077"\n'
        '[spark_config]\n"spark.executor.memory" = "8g"\n"spark.sql.shuffle.partitions" = 400\n',
    )
    assert settings.engine == "spark"
    assert settings.spark_config == {"spark.executor.memory": "8g", "spark.sql.shuffle.partitions": 400}
    assert settings.as_json() == Settings().as_json()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("survey_minimun = 0.2", ["survey_minimun", "không có mục", "survey_minimum"]),
        ("survey_minimum = 20", ["survey_minimum", "từ 0 đến 1"]),
        ("survey_minimum = nan", ["survey_minimum", "từ 0 đến 1"]),
        ("survey_minimum = true", ["survey_minimum", "từ 0 đến 1"]),
        ('period_rule = "quy"', ["period_rule", "nd09_2019", "calendar"]),
        ('period_kinds = ["week"]', ["period_kinds", "half_year"]),
        ("published_files_kept = 1", ["published_files_kept", "từ 2"]),
        ("originals_kept_days = 0", ["originals_kept_days", "từ 1"]),
        ("quiet_days = true", ["quiet_days", "từ 1"]),
        ("quiet_days = 1.5", ["quiet_days", "từ 1"]),
        ("quiet_days = 10\nquiet_days 20", ["dòng 2", "sai cú pháp"]),
        ("office_name = UBND huyện", ["dòng 1", "dấu nháy kép thẳng", 'office_name = "UBND …"']),
        ("office_name = “UBND huyện”", ["dòng 1", "dấu nháy kép thẳng", 'office_name = "UBND …"']),
        ('engine = "hadoop"', ["engine", "duckdb", "spark"]),
        ('spark_master = "10.0.0.5:7077"', ["spark_master", "spark://máy:7077"]),
        ('[spark_config]\n"executor.memory" = "8g"', ["spark_config", "spark.executor.memory"]),
        ('[spark_config]\n"spark.executor.memory" = 1.5', ["spark_config"]),
    ],
)
def test_a_mistake_is_named_with_what_is_allowed(tmp_path: Path, text: str, words: list[str]):
    with pytest.raises(SettingsProblem) as problem:
        written(tmp_path, text)
    for word in ["reference/settings.toml", *words]:
        assert word in str(problem.value)


def test_every_setting_is_described_in_both_languages_and_says_what_is_allowed():
    assert set(ALLOWED) == set(Settings.model_fields)
    for name, setting in Settings.model_fields.items():
        assert len((setting.description or "").split("\n")) == 2, name
