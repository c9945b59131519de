"""Names of the elements, as the sample packages spell them ("Bussiness" too)."""

NAMESPACE = "http://www.mic.gov.vn/TBT/QCVN_102_2016"
"""Bound as the default of the root and as the prefix of what is in the envelope."""

PREFIX = "edXML"

AGENCY = (
    ("OrganId", "code"),
    ("OrganizationInCharge", "in_charge"),
    ("OrganName", "name"),
    ("OrganAdd", "address"),
    ("Email", "email"),
    ("Telephone", "telephone"),
    ("Fax", "fax"),
    ("Website", "website"),
)
"""Children of From and To, and the attributes of a `Correspondent` that they hold."""

SIGNER = (("Competence", "competence"), ("Position", "position"), ("FullName", "name"))

STAFF = (("Department", "department"), ("Staff", "name"), ("Email", "email"), ("Mobile", "mobile"))

OTHER = (
    ("Priority", "priority"),
    ("SphereOfPromulgation", "field"),
    ("TyperNotation", "typer"),
    ("PromulgationAmount", "copies"),
    ("PageAmount", "pages"),
)
