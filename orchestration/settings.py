"""reference/settings.toml -> Settings: what an office may choose, each with its default and its limits.

Every choice is a field here, with its description; an unknown key or a bad value is said, never skipped.
Keep out: what a choice does (the dbt models, the warehouse and the checks ask for it).
"""

import json
import re
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    StrictStr,
    ValidationError,
    field_serializer,
    field_validator,
)

from exports.release import Office
from orchestration.limits import Limits
from orchestration.problems import Problem

Line = Annotated[str, Field(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
SparkMaster = Annotated[
    str, Field(pattern=r"^(local(\[(\*|[1-9]\d*)\])?|spark://[\w.,:\[\]-]+:\d+|yarn|k8s://[\w.:/\[\]-]+)$")
]
SparkKey = Annotated[str, Field(pattern=r"^spark\.[\w.-]+$")]
PeriodKind = Literal["quarter", "month", "half_year", "nine_months", "year"]
PERIOD_KINDS: tuple[PeriodKind, ...] = ("quarter", "month", "half_year", "nine_months", "year")
FILE_NAME = "settings.toml"

AT_LEAST = "số nguyên từ {} trở lên"
ALLOWED = {
    "period_rule": '"nd09_2019" hoặc "calendar"',
    "period_kinds": 'danh sách các loại "quarter", "month", "half_year", "nine_months", "year"',
    "survey_minimum": "số từ 0 đến 1, ví dụ 0.2",
    "survey_denominator": '"resolved_total", "received_total" hoặc "received_new"',
    "published_files_kept": AT_LEAST.format(2),
    "quiet_days": AT_LEAST.format(1),
    "originals_kept_days": AT_LEAST.format(1),
    "reading_seconds": AT_LEAST.format(1),
    "reading_seconds_per_mb": "số lớn hơn 0, ví dụ 0.3",
    "reading_memory_mb": AT_LEAST.format(200),
    "reading_memory_per_mb": AT_LEAST.format(1),
    "reading_file_mb": AT_LEAST.format(1),
    "office_name": 'một dòng chữ, ví dụ "UBND huyện Hớn Quản"',
    "office_parent": 'một dòng chữ, ví dụ "UBND tỉnh Bình Phước"',
    "office_place": 'một dòng chữ, ví dụ "Hớn Quản"',
    "office_contact": "một dòng chữ: nơi nhận câu hỏi về số liệu",
    "engine": '"duckdb" hoặc "spark"',
    "spark_master": '"local", "local[*]", "spark://máy:7077", "yarn" hoặc "k8s://https://máy:cổng"',
    "spark_config": 'bảng các dòng "spark.tên" = giá trị, ví dụ "spark.executor.memory" = "8g"',
}
# The choices that figures depend on; the others are the office's housekeeping.
FOR_FIGURES = frozenset({"period_rule", "period_kinds", "survey_minimum", "survey_denominator"})
# What figures are computed on: the same ones on any.
ENGINE = frozenset({"engine", "spark_master", "spark_config"})


class SettingsProblem(Problem):
    """settings.toml cannot be followed."""


class Settings(BaseModel):
    """The choices of an office."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    period_rule: Literal["nd09_2019", "calendar"] = Field(
        default="nd09_2019",
        description=(
            "Rule that gives each period its first and last day: nd09_2019 (Decree 09/2019, article 12: a "
            "quarter ends on the 14th of its last month) or calendar (civil quarters).\n"
            "Quy tắc chia kỳ báo cáo: theo Nghị định 09/2019/NĐ-CP hoặc theo quý dương lịch."
        ),
    )
    period_kinds: tuple[PeriodKind, ...] = Field(
        default=("quarter",),
        description=(
            "Kinds of period computed every night; quarters always are.\n"
            "Các loại kỳ được tính mỗi đêm; quý luôn được tính."
        ),
    )
    survey_minimum: Annotated[Decimal, Field(ge=0, le=1)] = Field(
        default=Decimal("0.2"),
        description=(
            "Least share of survey forms over the denominator, 0 to 1.\n"
            "Tỷ lệ phiếu khảo sát tối thiểu, từ 0 đến 1."
        ),
    )
    survey_denominator: Literal["resolved_total", "received_total", "received_new"] = Field(
        default="resolved_total",
        description=(
            "What the minimum is a share of: dossiers resolved, received (those carried over too), or newly "
            "received.\n"
            "Mẫu số: hồ sơ đã giải quyết, tiếp nhận (cả kỳ trước chuyển sang), hoặc mới tiếp nhận."
        ),
    )
    published_files_kept: Annotated[StrictInt, Field(ge=2)] = Field(
        default=7,
        description=(
            "How many published warehouse files are kept, the current one and the one before it (which a reader may be about "
            "to open) among them.\n"
            "Số tệp kho dữ liệu đã công bố được giữ lại, kể cả tệp đang dùng và tệp ngay trước đó."
        ),
    )
    quiet_days: Annotated[StrictInt, Field(ge=1)] = Field(
        default=30,
        description=(
            "After how many days without an export a unit is reported as quiet.\n"
            "Sau bao nhiêu ngày không gửi dữ liệu thì đơn vị bị nhắc tên."
        ),
    )
    originals_kept_days: Annotated[StrictInt, Field(ge=1)] = Field(
        default=120,
        description=(
            "How many days an export, with its personal data, stays in archive/ or refused/; by default a quarter and the "
            "month in which its report is corrected. No figure is lost; of quarantined rows only what may be kept remains.\n"
            "Tệp gốc (có dữ liệu cá nhân) nằm trong archive/, refused/ bao nhiêu ngày thì bị xóa; mặc định một quý và một "
            "tháng để chỉnh sửa báo cáo."
        ),
    )

    office_name: Line = Field(
        default="",
        description="Who publishes, as documents name it.\nTên cơ quan công bố số liệu, ghi trên báo cáo, biểu và trang.",
    )
    office_parent: Line = Field(
        default="",
        description="The body above it, as the head of a report names it.\nTên cơ quan chủ quản, ghi ở đầu báo cáo.",
    )
    office_place: Line = Field(
        default="",
        description="Where its documents are dated.\nĐịa danh ghi trước ngày tháng của báo cáo.",
    )
    office_contact: Line = Field(
        default="",
        description="Where questions about the figures go, in one line.\nNơi nhận câu hỏi về số liệu, một dòng.",
    )
    reading_seconds: Annotated[StrictInt, Field(ge=1)] = Field(
        default=int(Limits.seconds),
        description=(
            "Seconds of computing that the reading of any file may take; a file that takes longer is refused.\n"
            "Số giây tính toán được dùng để đọc một tệp bất kỳ; tệp cần nhiều hơn bị từ chối."
        ),
    )
    reading_seconds_per_mb: Annotated[Decimal, Field(gt=0, le=1000)] = Field(
        default=Decimal(str(Limits.seconds_per_mb)),
        description=(
            "Seconds for each megabyte of a file large enough to need more (a packed megabyte counts as 7).\n"
            "Số giây cho mỗi MB của tệp lớn cần nhiều hơn mức trên (1 MB đã nén tính là 7 MB)."
        ),
    )
    reading_memory_mb: Annotated[StrictInt, Field(ge=200)] = Field(
        default=int(Limits.memory_mb),
        description=(
            "Megabytes of memory that the reading of any file may take; a file that takes more is refused.\n"
            "Số MB bộ nhớ được dùng để đọc một tệp bất kỳ; tệp cần nhiều hơn bị từ chối."
        ),
    )
    reading_memory_per_mb: Annotated[StrictInt, Field(ge=1)] = Field(
        default=int(Limits.memory_per_mb),
        description=(
            "Megabytes of memory for each megabyte of a file large enough to need more (packed counts as 7).\n"
            "Số MB bộ nhớ cho mỗi MB của tệp lớn cần nhiều hơn mức trên (1 MB đã nén tính là 7 MB)."
        ),
    )
    reading_file_mb: Annotated[StrictInt, Field(ge=1)] = Field(
        default=int(Limits.file_mb),
        description=(
            "Largest file, in megabytes, that is taken out of the inbox to be read.\n"
            "Tệp lớn nhất, tính bằng MB, được lấy từ inbox để đọc."
        ),
    )

    engine: Literal["duckdb", "spark"] = Field(
        default="duckdb",
        description=(
            "What computes the figures: duckdb (this machine) or spark (a cluster, where one machine is too small).\n"
            "Tính số liệu bằng gì: duckdb (ngay trên máy này) hoặc spark (cụm máy, khi một máy không đủ)."
        ),
    )
    spark_master: SparkMaster = Field(
        default="local[*]",
        description=(
            "Address of the Spark master; local[*] is Spark on this machine alone.\n"
            "Địa chỉ máy chủ Spark; local[*] là chạy Spark ngay trên máy này."
        ),
    )
    spark_config: dict[SparkKey, StrictStr | StrictInt | StrictBool] = Field(
        default_factory=dict,
        description=(
            "What else Spark is told, by the names of its own documentation (memory and cores of an executor ...).\n"
            "Các cấu hình khác của Spark, theo tên trong tài liệu Spark (bộ nhớ, số lõi mỗi máy tính …)."
        ),
    )

    @field_validator("period_kinds")
    @classmethod
    def _in_one_order_and_with_quarters(cls, kinds: tuple[PeriodKind, ...]) -> tuple[PeriodKind, ...]:
        return tuple(kind for kind in PERIOD_KINDS if kind == "quarter" or kind in kinds)

    @field_serializer("survey_minimum", "reading_seconds_per_mb")
    def _without_trailing_zeros(self, number: Decimal) -> str:
        return format(number.normalize(), "f")

    def as_dbt_vars(self) -> dict[str, Any]:
        """The variables of the dbt project that come from the settings (`as_of`, `period_code` do not)."""
        return self.model_dump(mode="json", include=set(FOR_FIGURES))

    def as_json(self) -> str:
        """The choices that figures depend on, in one line, the same for the same ones."""
        return json.dumps(self.as_dbt_vars(), sort_keys=True)

    def of_the_engine(self) -> dict[str, Any]:
        """The choices of what figures are computed on, which a publication does not keep."""
        return self.model_dump(mode="json", include=set(ENGINE))

    @property
    def office(self) -> Office:
        """Who publishes."""
        return Office(self.office_name, self.office_parent, self.office_place, self.office_contact)

    @property
    def reading_limits(self) -> Limits:
        """What the reading of one file may take."""
        return Limits(
            seconds=self.reading_seconds,
            seconds_per_mb=float(self.reading_seconds_per_mb),
            memory_mb=self.reading_memory_mb,
            memory_per_mb=self.reading_memory_per_mb,
            file_mb=self.reading_file_mb,
        )


def read_settings(reference: Path) -> Settings:
    """The settings in the folder `reference`; without a file, the defaults. Raises SettingsProblem."""
    path = reference / FILE_NAME
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return Settings()
    except UnicodeDecodeError:
        raise SettingsProblem(
            f"Tệp reference/{FILE_NAME} không phải văn bản UTF-8; hãy lưu lại dạng UTF-8."
        ) from None
    try:
        # A float would turn 0.2 into 0.200000000000000011, and a shortfall of whole forms is rounded up.
        return Settings.model_validate(tomllib.loads(text, parse_float=Decimal))
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        place = f"dòng {line[1]}" if line else "cuối tệp"
        raise SettingsProblem(
            f"Tệp reference/{FILE_NAME}: {place} sai cú pháp; mỗi dòng viết theo dạng tên = giá trị, chữ đặt trong dấu nháy "
            'kép thẳng: office_name = "UBND …".'
        ) from None
    except ValidationError as error:
        raise SettingsProblem(_sentence(error)) from None


def engine_chosen(reference: Path) -> str:
    """The engine that the settings choose; the default where they cannot be followed, which whatever computes says."""
    try:
        return read_settings(reference).engine
    except SettingsProblem:
        return "duckdb"


def _sentence(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_context=False)[0]
    key = str(first["loc"][0])
    if key not in ALLOWED:
        return f"Tệp reference/{FILE_NAME}: không có mục “{key}”; các mục dùng được là {', '.join(ALLOWED)}."
    return f"Tệp reference/{FILE_NAME}: mục “{key}” không hợp lệ; giá trị cho phép: {ALLOWED[key]}."
