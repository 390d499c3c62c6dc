"""Names of countries in English and Japanese, from CLDR as Babel carries it."""

from __future__ import annotations

from typing import Any

from babel import Locale

from noroshi.intel.text.wordlist import words

_ALSO = {
    "BO": ("Bolivia",),
    "BN": ("Brunei",),
    "CN": ("People's Republic of China", "PRC", "中華人民共和国"),
    "CZ": ("Czech Republic",),
    "GB": ("UK", "U.K.", "Great Britain", "英国"),
    "HK": ("Hong Kong", "香港"),
    "IR": ("Islamic Republic of Iran",),
    "KP": ("DPRK",),
    "KR": ("Republic of Korea", "ROK", "大韓民国"),
    "MM": ("Myanmar", "Burma"),
    "MO": ("Macao", "Macau", "マカオ"),
    "PS": ("Palestine",),
    "RU": ("Russian Federation", "ロシア連邦"),
    "TR": ("Turkey",),
    "US": ("USA", "U.S.", "U.S.A.", "United States of America", "米国"),
    "VN": ("Viet Nam",),
    "AU": ("豪州",),
}
"""What CLDR's display names leave out."""
_NOT_ISO = words("AC CP CQ DG EA EU EZ IC QO TA UN XA XB ZZ")
"""CLDR's own codes: regions, unions, pseudo-locales."""
_OTHER_MEANINGS = words("GE GG GN IO JE JO ML NU SJ TD UM")
"""Names that in reports mostly mean something else: Georgia the state, Jordan, Chad …"""


def country_cluster() -> dict[str, Any]:
    """Return a cluster of all territories, ISO 3166-1 codes as their ids."""
    english, japanese = Locale("en").territories, Locale("ja").territories
    values = [
        {
            "value": name,
            "uuid": f"iso3166-1:{code}",
            "meta": {"synonyms": [japanese.get(code, name), *_ALSO.get(code, ())]},
        }
        for code, name in sorted(english.items())
        if len(code) == 2 and code.isalpha() and code not in _NOT_ISO | _OTHER_MEANINGS
    ]
    return {"type": "country", "values": values}
