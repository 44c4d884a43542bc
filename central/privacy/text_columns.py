"""What is done with each text of the database when a person is erased: one decision for every column, and none without one."""

from typing import Literal

Handling = Literal["own", "typed", "label", "thing", "structured"]
"""What becomes of a text when somebody is erased.

- ``own``: it says who somebody is, or is theirs; the row is erased by a step of its own, with the room that keeps it.
- ``typed``: somebody typed it in their own words. Every name in it is left out.
- ``label``: a short text about something else, or what a machine told. Names of three letters and more are left out.
- ``thing``: it names a thing (a company, a showroom, a standard) or is a standard's text, which nobody may change. Whoever erases is told.
- ``structured``: a code, a number, a hash or what a desk tells of itself: nobody types into it. Whoever erases is told, should the letters stand there.
"""

_DECIDED: dict[Handling, str] = {
    "own": """
        account.name account.password account_person.person competition_entry.person appraisal.person appraisal.figures
        duty_correction.person duty_correction.made_by employment.worked_as event.raw exemption.person
        failed_login.name failed_login.address identity.issuer identity.subject invitation.digest login.digest login.provider
        passkey.credential passkey.credential_id passkey.public_key person.pseudonym person.display_name
        rejected.payload rejected.reason rejected.topic role_grant.role role_grant.company role_grant.showroom
    """,
    "typed": """
        benchmark.practice evaluation.conclusion recommendation.text recommendation.owner recommendation.why
        appraisal.reasons appraisal_remark.said contest_claim.said contest_claim.reason duty_correction.reason
        erasure.reason exclusion.reason exemption.reason indicator_baseline.reason indicator_choice.owner profile_decision.reason
        monitored_note.text monitored_source.title monitored_source.owner promise_side.source promise_version.text promise_version.ended_why
    """,
    "label": """
        alert.acknowledged_by alert_telling.trouble case_place.place competition.title crm.error crm_unread.reason desk_place.label
        indicator_baseline.said_by monitored_source.unit showroom_exception.title token.label
    """,
    "thing": """
        competition_rules.rules evaluation.company company.name region.name showroom.name indicator_choice.company monitored_source.company promise.company token.company token.showroom
        standard_version.name standard_version.text judged_under.label desk_standard.plan
    """,
    "structured": """
        benchmark.device benchmark.element competition.outcome competition.outcome_sha256 competition_rules.sha256
        day_sum.device day_sum.digest day_sum.sums evaluation.scope evaluation.figures evaluation.sha256 recommendation.outcome
        alert_signal.code alert_telling.channel appraisal.sha256 attended.device
        audit.actor audit.action audit.subject audit.detail audit.previous audit.digest
        boot.device boot.bootid boot.birth case_state.state contest_claim.device contest_claim.bootid contest_claim.request contest_claim.outcome
        crm.name crm_case.external_id crm_case.customer crm_case.merged_into crm_message.external_id crm_message.direction crm_message.author
        crm_unread.external_id desk.device desk.leaves_out desk.state desk_health.device desk_health.health
        desk_machine.device desk_machine.machine_id desk_place.device desk_place.timezone desk_standard.device
        duty_correction.device duty_correction.measurement erasure.made_by event.device event.bootid event.type
        exclusion.device exclusion.bootid exempt_stretch.device exempt_stretch.clause exemption.clause fault.device fault.name fault.text
        indicator_baseline.scope indicator_baseline.code indicator_choice.code judged_under.digest monitored_source.kind monitored_source.rhythm monitored_source.codes
        profile_decision.profile promise_side.side promise_version.code promise_version.sites promise_version.borne
        rejected.device rejected.bootid rejected.digest rejected_dropped.device
        showroom.timezone showroom.jurisdiction showroom_country.country showroom_country.subdivision
        standard_version.sha256 standard_version.state token.digest token.permits
        verdict.device verdict.outcomes verdict.said verdict_progress.rules
    """,
}

TEXT_COLUMNS: dict[str, Handling] = {
    column: handling for handling, columns in _DECIDED.items() for column in columns.split()
}
"""The decision on each column that can hold a text, as ``table.column``."""


def columns_that_are(handling: Handling) -> dict[str, tuple[str, ...]]:
    """The columns of a decision, by their table."""
    found: dict[str, tuple[str, ...]] = {}
    for name, decided in TEXT_COLUMNS.items():
        table, _, column = name.partition(".")
        if decided == handling:
            found[table] = (*found.get(table, ()), column)
    return found
