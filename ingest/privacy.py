"""May a text be kept where it was not understood, or could it be a person's?

Two questions over columns of texts: `looks_personal` (never kept: names, numbers of persons, addresses, mail) for free texts, and
`may_keep_labels` for cells that should have been a label and are not. When in doubt a text is not kept: the row number leads to
the original. Which columns are asked, and what happens then, is decided where rows are understood and quarantined.
"""

import difflib
import re

import polars as pl

from ingest.text import match_key

SURNAMES = (
    "Nguyễn Trần Lê Phạm Huỳnh Hoàng Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Đinh Trương Đoàn Lâm Mai Trịnh Đào Cao Hà Lương "
    "Tạ Tô Thái Quách Châu Phùng Chu Kiều Vương Tăng Triệu Lưu Điểu Thị Tống Từ La Lò Vi Hứa Nông Giàng Vàng Sùng Thào Mã Đàm "
    "Quan Âu Khổng Nghiêm Doãn Lục Bạch Thạch Kim Danh Sơn Trà Lại Mạc Tôn Ông Viên Diệp Giang Ninh Phó Cù Bế Hoa Đồng Quảng "
    "Thân Ung Văn Lư Liêu Ngụy Nhan Phương Trang Tiêu Tào Thiều Uông Xa Đậu Đổng Khuất Cung Biện Bành Ân Công Thang Sầm Sử"
).split()
# Surnames that are seldom the first of two ordinary words: enough, with two more capitalised ones, to see a name in a text.
_PLAIN_SURNAMES = (
    "Nguyễn Trần Lê Phạm Huỳnh Hoàng Phan Vũ Võ Đặng Bùi Đỗ Ngô Dương Đinh Trương Đoàn Trịnh Điểu Phùng Quách Lương"
).split()
_GIVEN_MIDDLES = "văn thị".split()
_ORDINARY_STARTS = (
    "hồ sơ|lý do|lý lịch|thị trấn|thị xã|thị trường|văn hóa|văn hoá|văn phòng|văn bản|văn thư|lâm nghiệp|mã hồ|mã số|mã tthc|"
    "mã thủ|từ chối|công an|công dân|công chứng|công thương|công nghiệp|công bố|công khai|công tác|phương tiện|"
    "quan hệ|kim loại|danh sách|danh mục|lưu trữ|lưu ý|lưu thông|thái độ|đồng ý|cao đẳng|hà nội|đào tạo|"
    "quảng cáo|trang trí|trang thiết|giang hồ|cung cấp|sử dụng|sơn la|thân nhân|nông nghiệp|nông thôn|nông lâm|lại mất|hoa hồng|"
    "phó chủ|phó trưởng|viên chức|lục bình|bạch đằng|vi phạm|ninh thuận|ninh bình|mai táng|lương thực|đoàn thể|dương tính"
)
_ORGANISATIONS = (
    "ubnd|uỷ ban|ủy ban|hđnd|hội đồng|xã|phường|thị trấn|thị xã|huyện|quận|tỉnh|thành phố|tp|phòng|sở|chi nhánh|chi cục|cục|"
    "trung tâm|tt hcc|văn phòng|vp|ban|công an|đội|trạm|bộ|bộ phận|tổng cục|bảo hiểm xã hội|bhxh|kho bạc|chi|hạt|thanh tra|toà án|"
    "tòa án|viện|trường|bệnh viện|hội|liên đoàn|đoàn|đảng|cơ quan|đơn vị|thuế|quỹ|ngân hàng"
)
_HONORIFICS = "(?:Ông|Bà|Anh|Chị|Cô|Chú|Ô|B|ÔNG|BÀ)[. :/]+"
_PLACES = "ấp|thôn|khu phố|kp|khóm|bản|buôn|số nhà|tổ dân phố|tổ|hẻm|ngõ|ngách|kiệt"
_PARTS = _PLACES + "|xã|phường|thị trấn|thị xã|huyện|quận|tỉnh|thành phố|tp\\.?|tt\\.?|đường|phố"


def _bare(text: str) -> str:
    table = str.maketrans("đĐ", "dD")
    import unicodedata

    return "".join(
        mark
        for mark in unicodedata.normalize("NFD", text.translate(table))
        if not unicodedata.combining(mark)
    )


_ANY_SURNAME = "|".join(
    dict.fromkeys(SURNAMES + [_bare(name) for name in SURNAMES] + [name.upper() for name in SURNAMES])
)
_BARE_PLAIN = "|".join(_PLAIN_SURNAMES + [_bare(name) for name in _PLAIN_SURNAMES])

_NUMBER_OF_PERSON = r"(?:\d[ .\-]?){9,}"
_MOMENT = r"^[12]\d{13}$|^\d{1,4}[/.\-]\d{1,2}[/.\-]\d{1,4}(?:[ T]\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d+)?)?(?:Z|[+\-]\d{2}:?\d{2})?$"
_NAME = rf"^(?:{_HONORIFICS})?(?:{_ANY_SURNAME})(?: \p{{Lu}}[\p{{L}}'.]*){{1,5}}$"
_NAME_INSIDE = rf"(?:^|[\s(,;:\-/])(?:{_BARE_PLAIN})(?: \p{{Lu}}\p{{Ll}}*){{2,4}}(?:$|[\s),;.:\-/])"
_LOWER_NAME = (
    rf"(?i)^(?:{'|'.join(_PLAIN_SURNAMES)}|thị|hồ|lý) (?:{'|'.join(_GIVEN_MIDDLES)})(?: \p{{L}}+){{1,3}}$"
)
_HONOURED = rf"(?:^|\s){_HONORIFICS}\p{{Lu}}\p{{L}}+(?: \p{{Lu}}\p{{L}}+)+"
_ADDRESS = (
    rf"(?i)(?:^|[\s,(])(?:{_PLACES})\s*\.?\s*\d"
    rf"|^(?:{_PLACES.replace('|bản|', '|').replace('|tổ|', '|')})\s"
    r"|(?:^|\s)\d+[a-z]?(?:/\d+[a-z]?)*,?\s+(?:đường|phố)\s"
    rf"|(?:^|,)\s*(?:{_PARTS})\s[^,]+,\s*(?:{_PARTS})\s"
)
_STARTS_ORDINARY = rf"(?i)^(?:{_ORDINARY_STARTS})(?:$|\P{{L}})"
_STARTS_AS_OFFICE = rf"(?i)^(?:{_ORGANISATIONS})(?:$|[^\p{{L}}])"
_CODE = r"^\S{1,40}$"
_SENTENCE_CASE = r"^\p{Lu}\p{L}*(?: [\p{L}\d()/,\-]+)+$"
_HAS_LOWER_WORD = r" \p{Ll}{2,}"

# Labels so many rows share are labels, not persons; and a column with so many different ones holds no labels.
FREQUENT, TOO_MANY = 20, 2000
_LIKENESS, _VOCABULARY_SHARE = 0.75, 0.6


def looks_personal(texts: pl.Series) -> pl.Series:
    """Boolean per text: name-shaped, an identity or phone number, an address, a mail address. Null is not."""
    one_case = texts.str.normalize("NFC")
    is_office = one_case.str.contains(_STARTS_AS_OFFICE)
    number = one_case.str.contains(_NUMBER_OF_PERSON) & ~one_case.str.contains(_MOMENT)
    ordinary = one_case.str.contains(_STARTS_ORDINARY)
    name = (one_case.str.contains(_NAME) | one_case.str.contains(_LOWER_NAME)) & ~ordinary & ~is_office
    inside = one_case.str.contains(_NAME_INSIDE) | one_case.str.contains(_HONOURED)
    address = one_case.str.contains(_ADDRESS) & ~is_office
    mail = one_case.str.contains("@", literal=True)
    return (number | name | inside | address | mail).fill_null(False)


def may_keep_values(texts: pl.Series) -> pl.Series:
    """Boolean per text of a date, number or code column: dates, numbers and codes that cannot be a person's."""
    is_value = texts.str.contains(r"\d") & (texts.str.contains(_CODE) | texts.str.contains(_MOMENT))
    is_value = is_value | texts.str.contains(r"^[\d\s.,:/\-]{1,30}$")
    return (is_value & ~looks_personal(texts)).fill_null(False)


def may_keep_labels(texts: pl.Series, known: set[str]) -> pl.Series:
    """Boolean per text of a label column. `known` are the match keys of the labels that are understood there."""
    counted = texts.drop_nulls().value_counts(name="count").sort(texts.name) if len(texts) else None
    if counted is None or counted.is_empty():
        return texts.is_not_null()
    distinct = counted[texts.name]
    personal = looks_personal(distinct)
    kept = (counted["count"] >= FREQUENT) | distinct.str.contains(_STARTS_AS_OFFICE)
    kept = kept | distinct.str.contains(r"^[\d.,]{1,6}$")
    kept = kept | (
        distinct.str.contains(_SENTENCE_CASE)
        & distinct.str.contains(_HAS_LOWER_WORD)
        & ~distinct.str.contains(rf"^(?:{_ANY_SURNAME}) ")
    )
    open_texts = distinct.filter(~kept & ~personal)
    if len(open_texts) <= TOO_MANY:
        words = {word for key in known for word in key.split()}
        alike = [text for text in open_texts.to_list() if _resembles(match_key(text), known, words)]
        kept = kept | distinct.is_in(alike)
    return texts.is_in(distinct.filter(kept & ~personal).implode()).fill_null(False)


def _resembles(key: str, known: set[str], words: set[str]) -> bool:
    if key in known or difflib.get_close_matches(key, known, n=1, cutoff=_LIKENESS):
        return True
    spoken = re.findall(r"[^\W\d_]+", key)
    return len(spoken) >= 2 and sum(word in words for word in spoken) > _VOCABULARY_SHARE * len(spoken)
