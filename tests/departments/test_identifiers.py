"""统一社会信用代码 and 行政区划代码."""

import pytest
from django.core.exceptions import ValidationError

from departments.identifiers import validate_adcode, validate_credit_code


@pytest.mark.parametrize("code", ["12430407000000000R", "11430407000000000W", "124304071234567881"])
def test_valid_codes_pass(code):
    validate_credit_code(code)


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("12430407000000000A", "末位应为“R”"),
        ("1243040700000000R", "现在是17位"),
        ("1243040700000000OR", "O"),
        ("12430407000000000r", "r"),
    ],
)
def test_wrong_codes_are_refused_and_say_why(code, says):
    with pytest.raises(ValidationError, match=says):
        validate_credit_code(code)


@pytest.mark.parametrize("code", ["43040", "4304070", "43040a", "４３０４０７"])
def test_wrong_adcodes_are_refused(code):
    with pytest.raises(ValidationError):
        validate_adcode(code)
