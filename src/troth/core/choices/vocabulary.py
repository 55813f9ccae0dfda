"""Our words in those of the W3C Data Privacy Vocabulary (DPV 2, https://w3id.org/dpv).

A key of fideslang stands for all under it; the closest one answers. What DPV has no closer word for
gets its general one, and the fideslang key goes along in `dct:identifier` or `troth:dataUse`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from troth.policy.periods import Period
from troth.policy.taxonomy import covers

PURPOSES: Final = {
    "analytics": "dpv:ServiceUsageAnalytics",
    "employment": "dpv:PersonnelManagement",
    "employment.recruitment": "dpv:PersonnelHiring",
    "essential": "dpv:RequestedServiceProvision",
    "essential.fraud_detection": "dpv:FraudPreventionAndDetection",
    "essential.legal_obligation": "dpv:LegalCompliance",
    "essential.service.authentication": "dpv:IdentityAuthentication",
    "essential.service.notifications": "dpv:CommunicationManagement",
    "essential.service.operations.improve": "dpv:ImproveExistingProductsAndServices",
    "essential.service.operations.support": "dpv:CustomerCare",
    "essential.service.payment_processing": "dpv:PaymentManagement",
    "essential.service.security": "dpv:EnforceSecurity",
    "finance": "dpv:PaymentManagement",
    "functional": "dpv:ServiceProvision",
    "functional.service.improve": "dpv:ImproveExistingProductsAndServices",
    "functional.storage": "dpv:RecordManagement",
    "marketing": "dpv:Marketing",
    "marketing.advertising": "dpv:Advertising",
    "marketing.advertising.first_party.targeted": "dpv:TargetedAdvertising",
    "marketing.advertising.profiling": "dpv:PersonalisedAdvertising",
    "marketing.advertising.third_party.targeted": "dpv:TargetedAdvertising",
    "marketing.communications": "dpv:DirectMarketing",
    "operations": "dpv:TechnicalServiceProvision",
    "personalize": "dpv:Personalisation",
    "personalize.content": "dpv:ServicePersonalisation",
    "sales": "dpv:SellProductsToDataSubject",
    "third_party_sharing": "dpv:SellDataToThirdParties",
    "third_party_sharing.legal_obligation": "dpv:LegalCompliance",
    "train_ai_system": "dpv:ResearchAndDevelopment",
}
CATEGORIES: Final = {
    "user.account.username": "pd:Username",
    "user.authorization": "pd:Authenticating",
    "user.authorization.password": "pd:Password",
    "user.behavior": "pd:Behavioral",
    "user.behavior.browsing_history": "pd:BrowserHistory",
    "user.behavior.purchase_history": "pd:Purchase",
    "user.biometric": "pd:Biometric",
    "user.contact": "pd:Contact",
    "user.contact.address": "pd:PhysicalAddress",
    "user.contact.email": "pd:EmailAddress",
    "user.contact.organization": "pd:Professional",
    "user.contact.phone_number": "pd:TelephoneNumber",
    "user.content": "pd:Communication",
    "user.demographic": "pd:Demographic",
    "user.demographic.date_of_birth": "pd:BirthDate",
    "user.device": "pd:DeviceBased",
    "user.device.ip_address": "pd:IPAddress",
    "user.financial": "pd:Financial",
    "user.government_id": "pd:OfficialID",
    "user.health_and_medical": "pd:MedicalHealth",
    "user.job_title": "pd:Job",
    "user.location": "pd:Location",
    "user.name": "pd:Name",
    "user.payment": "pd:Financial",
    "user.unique_id": "pd:Identifier",
}
PARTIES: Final = {
    "processor": "dpv:DataProcessor",
    "agent": "dpv:DataProcessor",
    "authority": "dpv:Authority",
    "public": "dpv:Recipient",
    "addressee": "dpv:Recipient",
}
"""What a kind of recipient is; all others are third parties."""
BASES: Final = {
    "opt-in": "dpv:ExpressedConsent",
    "explicit-opt-in": "dpv:ExplicitlyExpressedConsent",
    "opt-out": "dpv:LegitimateInterestOfController",
}
"""What a policy's basis rests on; of what is essential the policy does not say on what."""
SOURCES: Final = {
    "person": "dpv:DataSubjectDataSource",
    "browser": "dpv:DataSubjectDataSource",
    "company": "dpv:DataControllerDataSource",
    "third-party": "dpv:ThirdPartyDataSource",
}
STATES: Final = {
    "given": "dpv:ConsentGiven",
    "renewed": "dpv:RenewedConsentGiven",
    "refused": "dpv:ConsentRefused",
    "withdrawn": "dpv:ConsentWithdrawn",
    "expired": "dpv:ConsentExpired",
    "lifted": "dpv:ConsentUnknown",
}
"""The states of consent. `lifted`: a mark against solicitation was taken back, nothing stands."""
_UNITS: Final = {"days": "D", "business days": "D", "weeks": "W", "months": "M", "years": "Y"}


def closest(words: Mapping[str, str], key: str, general: str) -> str:
    """The word for a key, or for the closest key above it."""
    above = [one for one in words if covers(one, key)]
    return words[max(above, key=len)] if above else general


def duration(period: Period) -> str:
    """An ISO 8601 duration; business days count as days, which the text beside it puts right."""
    if period.unit == "hours":
        return f"PT{period.count}H"
    return f"P{period.count}{_UNITS[period.unit]}"
