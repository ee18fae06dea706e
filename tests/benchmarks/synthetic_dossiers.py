"""Numbers of dossiers -> how they stand at the moment of an export, as the texts of a portal's list: synthetic persons only.

Everything about a dossier follows from the seed and its number, whatever else is made beside it: an export of any size is
made piece by piece, and the same dossier shows again in a later export as it stands by then. Vectors only, no row by row.
Keep out: which dossiers an export shows (`inbox_maker`), and the bytes of a file (`file_layouts`).
"""

import datetime as dt
from collections.abc import Sequence
from functools import cache

import polars as pl

# Days are counted from here; every time of a dossier lies in the two years after it.
FIRST_DAY = dt.date(2022, 12, 15)
DAYS = 1000
PROCEDURES = 400
BAD_PER = 2000

FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Điểu", "Thị")
MIDDLE = ("Văn", "Thị", "Minh", "Ngọc", "Quốc", "Thanh", "Kim", "Hữu", "Xuân", "Đức")
GIVEN = ("An", "Bình", "Châu", "Dũng", "Giang", "Hà", "Khánh", "Lan", "Nam", "Phúc", "Sơn", "Yến")
CHANNELS = ("Trực tiếp", "Trực tuyến", "Dịch vụ bưu chính công ích")
SATISFACTION = ("Rất hài lòng", "Hài lòng", "Bình thường", "Không hài lòng", "Rất không hài lòng")
FIELDS = (
    *("Hộ tịch", "Chứng thực", "Đất đai", "Lao động - Thương binh và Xã hội", "Kinh tế và Hạ tầng"),
    *("Giáo dục và Đào tạo", "Tài nguyên và Môi trường", "Nội vụ", "Y tế", "Văn hóa và Thông tin"),
)
# As a row stands that no reader can believe; each also says nothing that a count by hand would take in.
BAD = ("no code", "no day of receipt", "no day at all", "a day in another decade")


def draw(seed: int, what: str, below: int, column: str = "number") -> pl.Expr:
    """A whole number from 0 to `below` - 1 for each number of the column, its own for every `what` (splitmix64)."""
    z = pl.col(column).cast(pl.UInt64) * _word(0x9E3779B97F4A7C15) + _word(_salt(seed, what))
    # Arithmetic of 64 bits wraps around, and a division by a power of two is a shift.
    z = (z ^ (z // _word(1 << 30))) * _word(0xBF58476D1CE4E5B9)
    z = (z ^ (z // _word(1 << 27))) * _word(0x94D049BB133111EB)
    return ((z ^ (z // _word(1 << 31))) % _word(below)).cast(pl.Int32)


def _word(value: int) -> pl.Expr:
    return pl.lit(value, dtype=pl.UInt64)


def _salt(seed: int, what: str) -> int:
    return int.from_bytes(what.encode().ljust(8, b"\0")[:8], "big") ^ (
        seed * 0x2545F4914F6CDD1D & (1 << 64) - 1
    )


def standing(dossiers: pl.DataFrame, seed: int, export_day: int, bad_per: int = BAD_PER) -> pl.DataFrame:
    """What changes in a dossier's life, as of the morning of `export_day` (days since FIRST_DAY).

    `dossiers`: number, month_start, month_days (of its receipt), is_slow (shown again later). One in `bad_per` of those shown
    but once cannot be believed. Adds bad (0: none, else the
    number of a kind of `BAD`), received, due, finished, returned (days, or null), channel, status (text).
    """

    def drawn(what: str, below: int) -> pl.Expr:
        return draw(seed, what, below)

    slow = pl.col("is_slow")
    # What the next export shows again has a longer term: land, building, business.
    promised = pl.when(slow).then(15 + drawn("promised", 20)).otherwise(1 + drawn("promised", 20))
    within_month = drawn("received", 1 << 20) % pl.col("month_days")
    # One in thirty is late, as in offices that do not do well; of the slow ones a few are not done for years, and of a few no
    # export shows that they are. The others are done before the export, which is the last to show them.
    soon = drawn("duration", 20) % (pl.min_horizontal(promised, pl.col("month_days") - within_month - 1) + 1)
    duration = (
        pl.when(slow & (drawn("never", 400) == 0))
        .then(DAYS)
        .when(drawn("late", 30) == 0)
        .then(promised + 1 + drawn("lateness", 9))
        .when(slow)
        .then(promised - drawn("slow", 12))
        .otherwise(soon)
    )
    is_first_shown = export_day == pl.col("month_start") + pl.col("month_days")
    extended = pl.when(slow & ~is_first_shown & (drawn("extended", 10) == 0)).then(10).otherwise(0)
    corrected = slow & ~is_first_shown & (drawn("corrected", 50) == 0)
    is_bad = ~slow & (drawn("bad", bad_per) == 0)
    # A dossier that was never taken in may lack what makes another one unbelievable.
    fate = pl.when(is_bad).then(199).otherwise(drawn("fate", 200))
    lived = dossiers.with_columns(
        bad=pl.when(is_bad).then(1 + drawn("how bad", len(BAD))).otherwise(0),
        received=pl.col("month_start") + within_month,
        promised=promised + extended,
        ended=pl.col("month_start") + within_month + duration,
        fate=fate,
        channel=(
            drawn("channel", 10).replace_strict([0, 1, 2, 3, 4, 9], [0, 0, 0, 0, 0, 2], default=1) + corrected
        )
        % len(CHANNELS),
    )
    has_ended = (pl.col("ended") < export_day) & (pl.col("fate") > 1)
    lived = lived.with_columns(
        due=pl.when(drawn("undue", 100) > 0).then(pl.col("received") + pl.col("promised")),
        finished=pl.when(has_ended).then(pl.col("ended")),
        returned=pl.when(has_ended & (pl.col("ended") + drawn("fetched", 4) < export_day)).then(
            pl.col("ended") + drawn("fetched", 4)
        ),
    )
    status = (
        pl.when(pl.col("fate") == 0)
        .then(pl.lit("Không được tiếp nhận"))
        .when(pl.col("fate") == 1)
        .then(pl.lit("Mới đăng ký"))
        .when(pl.col("finished").is_null() & (drawn("paused", 10) == 0))
        .then(pl.lit("Yêu cầu bổ sung giấy tờ"))
        .when(pl.col("finished").is_null())
        .then(pl.lit("Đang xử lý"))
        .when(pl.col("fate") == 2)
        .then(pl.lit("Công dân yêu cầu rút hồ sơ"))
        .when(pl.col("returned").is_null())
        .then(pl.lit("Đã xử lý xong"))
        .otherwise(pl.lit("Đã trả kết quả"))
    )
    return lived.with_columns(status=status).drop("promised", "ended", "fate")


def rows_of(standings: pl.DataFrame, seed: int, units: Sequence[str]) -> pl.DataFrame:
    """The rows of a portal's list, all texts: `standings` as `standing` gives them, with unit (a place in `units`)."""

    def drawn(what: str, below: int) -> pl.Expr:
        return draw(seed, what, below)

    def text(column: str) -> pl.Expr:
        # A time of day belongs to the event: it is the same whenever the dossier is shown.
        return (
            _picked(_days(), pl.col(column)) + " " + _picked(_times(), drawn(f"at {column}", len(_times())))
        )

    bad, procedure = pl.col("bad"), drawn("procedure", PROCEDURES)
    number = pl.col("number").cast(pl.String)
    received = (
        pl.when(bad.is_in([1, 2]))
        .then(None)
        .when(bad == 3)
        .then(pl.lit("32/13/2023 08:00:00"))
        .when(bad == 4)
        .then(pl.lit("05/06/2043 08:00:00"))
        .otherwise(text("received"))
    )
    return standings.select(
        pl.when(bad != 1)
        .then("H10.36-" + _picked(_stamps(), pl.col("received")) + "-" + number)
        .alias("Mã hồ sơ"),
        _picked(_procedures()["code"], procedure).alias("Mã TTHC"),
        _picked(_procedures()["name"], procedure).alias("Tên thủ tục hành chính"),
        _picked(_procedures()["field"], procedure).alias("Lĩnh vực"),
        _picked(pl.Series(units), pl.col("unit")).alias("Đơn vị giải quyết"),
        _picked(pl.Series(CHANNELS), pl.col("channel")).alias("Hình thức tiếp nhận"),
        _picked(_names(), drawn("name", _names().len())).alias("Chủ hồ sơ"),
        ("070" + (100_000_000 + drawn("identity", 800_000_000)).cast(pl.String)).alias("Số CCCD/CMND"),
        ("09" + (10_000_000 + drawn("phone", 89_000_000)).cast(pl.String)).alias("Số điện thoại"),
        _picked(_addresses(), drawn("address", _addresses().len())).alias("Địa chỉ"),
        received.alias("Ngày tiếp nhận"),
        text("due").alias("Ngày hẹn trả"),
        text("finished").alias("Ngày kết thúc xử lý"),
        text("returned").alias("Ngày trả kết quả"),
        pl.col("status").alias("Trạng thái"),
    )


def surveys_of(forms: pl.DataFrame, seed: int, units: Sequence[str]) -> pl.DataFrame:
    """Survey forms as a portal lists them; `forms`: number, month_start, month_days."""

    def drawn(what: str, below: int) -> pl.Expr:
        return draw(seed, what, below)

    day = pl.col("month_start") + drawn("answered", 1 << 20) % pl.col("month_days")
    level = drawn("satisfied", 100)
    satisfaction = pl.when(level < 60).then(0).when(level < 96).then(1).otherwise(level - 95)
    return forms.select(
        ("PKS-" + pl.col("number").cast(pl.String)).alias("Mã phiếu"),
        ("H10.36-" + _picked(_stamps(), day) + "-" + drawn("about", 1 << 24).cast(pl.String)).alias(
            "Mã hồ sơ"
        ),
        _picked(pl.Series(units), drawn("of unit", len(units))).alias("Đơn vị"),
        (_picked(_days(), day) + " " + _picked(_times(), drawn("at answer", len(_times())))).alias(
            "Thời gian đánh giá"
        ),
        _picked(pl.Series(SATISFACTION), satisfaction).alias("Mức độ hài lòng"),
        _picked(pl.Series(("Trực tuyến", "Phiếu giấy")), drawn("via", 2)).alias("Hình thức"),
    )


def catalogue() -> pl.DataFrame:
    """The catalogue of procedures as a portal lists it."""
    procedures = _procedures()
    return procedures.select(
        pl.col("code").alias("Mã TTHC"),
        pl.col("name").alias("Tên thủ tục hành chính"),
        pl.col("field").alias("Lĩnh vực"),
        pl.Series("Cấp thực hiện", [("Cấp huyện", "Cấp xã")[n % 2] for n in range(procedures.height)]),
        pl.Series("Mức độ DVC", [str(2 + n % 3) for n in range(procedures.height)]),
        pl.Series("Thời hạn giải quyết", [str(1 + n % 20) for n in range(procedures.height)]),
        pl.lit("ngày làm việc").alias("Đơn vị tính"),
    )


def _picked(texts: pl.Series, places: pl.Expr) -> pl.Expr:
    return pl.lit(texts).gather(places)


@cache
def _days() -> pl.Series:
    days = (FIRST_DAY + dt.timedelta(days=n) for n in range(2 * DAYS))
    return pl.Series([f"{day:%d/%m/%Y}" for day in days])


@cache
def _stamps() -> pl.Series:
    days = (FIRST_DAY + dt.timedelta(days=n) for n in range(2 * DAYS))
    return pl.Series([f"{day:%y%m%d}" for day in days])


@cache
def _times() -> pl.Series:
    """Office hours, second by second."""
    seconds = range(7 * 3600, 17 * 3600)
    return pl.Series([f"{n // 3600:02}:{n // 60 % 60:02}:{n % 60:02}" for n in seconds])


@cache
def _names() -> pl.Series:
    return pl.Series(
        [f"{family} {middle} {given}" for family in FAMILY for middle in MIDDLE for given in GIVEN]
    )


@cache
def _addresses() -> pl.Series:
    return pl.Series([f"Ấp {n % 12 + 1}, xã mẫu {n // 12 + 1}, huyện mẫu" for n in range(600)])


@cache
def _procedures() -> pl.DataFrame:
    return pl.DataFrame(
        {
            "code": [f"{1 + n % 3}.{1000 + n * 7:06}" for n in range(PROCEDURES)],
            "name": [f"Thủ tục mẫu số {n + 1}" for n in range(PROCEDURES)],
            "field": [FIELDS[n % len(FIELDS)] for n in range(PROCEDURES)],
        }
    )
