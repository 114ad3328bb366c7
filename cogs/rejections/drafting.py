"""The e-mail that asks for feedback, in a tone for the stage that was reached."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from string import Template
from typing import Final
from urllib.parse import quote, urlencode

from cogs.rejections.tables import Stage

LINK_LIMIT: Final = 1900
"""Characters; some programs cut what is longer than about 2000."""


@dataclass(frozen=True, slots=True)
class Mail:
    """An e-mail to no address yet: whom it goes to is for its author to fill in."""

    subject: str = field(repr=False)
    body: str = field(repr=False)

    @property
    def text(self) -> str:
        """All of it as plain text."""
        return f"Subject: {self.subject}\n\n{self.body}\n"

    @property
    def fits_link(self) -> bool:
        """Whether a link can carry the body too."""
        return len(_mailto(subject=self.subject, body=self.body)) <= LINK_LIMIT

    @property
    def link(self) -> str:
        """A `mailto:` address, without the body where that would be too long."""
        if self.fits_link:
            return _mailto(subject=self.subject, body=self.body)
        return _mailto(subject=self.subject)


def draft(*, stage: Stage, company: str, role: str | None, interviewer: str | None, name: str | None) -> Mail:
    """The e-mail about an application to `company`, from `name` to `interviewer`."""
    values = {
        "greeting": f"Dear {interviewer}," if interviewer else f"Dear hiring team at {company},",
        "application": f"my application for the role of {role}" if role else f"my application at {company}",
        "role": f"the role of {role} at {company}" if role else f"the role at {company}",
        "closing": f"Kind regards,\n{name}" if name else "Kind regards,",
    }
    # What people wrote is only ever a value: a template is never read in it.
    body = Template(f"$greeting\n\n{_BODIES[stage]}\n\n$closing").substitute(values)
    return Mail(Template(_SUBJECTS[stage]).substitute(values), body)


def _mailto(**parts: str) -> str:
    lines = {name: value.replace("\n", "\r\n") for name, value in parts.items()}
    return f"mailto:?{urlencode(lines, quote_via=quote)}"


_SUBJECTS: Final[Mapping[Stage, str]] = {
    Stage.NO_REPLY: "A question about $application",
    Stage.SCREENING: "A question about $application",
    Stage.FIRST_INTERVIEW: "Thank you, and a question about our conversation",
    Stage.FINAL: "Thank you, and what I could learn from it",
    Stage.OFFER_WITHDRAWN: "A question about the withdrawn offer",
}
_BODIES: Final[Mapping[Stage, str]] = {
    Stage.NO_REPLY: (
        "Some time ago I applied for $role, and I have not heard back. If it is filled by now, I understand.\n\n"
        "If you have a minute, one sentence would help me: was something missing in my application, or not clear?\n\n"
        "Thank you for your time."
    ),
    Stage.SCREENING: (
        "Thank you for letting me know how you decided about $role.\n\n"
        "I would like to learn from it. What decided it: a requirement that I do not meet, or something that "
        "my application did not make clear? One or two sentences would help me.\n\n"
        "Thank you for your time."
    ),
    Stage.FIRST_INTERVIEW: (
        "Thank you for talking with me about $role, and for letting me know how you decided.\n\n"
        "I would like to do better next time. Looking back at our conversation, which answer could have been "
        "stronger? And what would you have wanted to hear more about?\n\n"
        "A few lines are enough. Thank you for your time, and for the conversation."
    ),
    Stage.FINAL: (
        "Thank you for the time that you and your colleagues gave me while I was a candidate for $role.\n\n"
        "Having come this far with you, I would value your view very much. What spoke for me, what decided it in "
        "the end, and what would have made the difference? A few lines or a short call, whichever is easier for "
        "you.\n\n"
        "If another role opens that fits, I would be glad to hear of it. Thank you again."
    ),
    Stage.OFFER_WITHDRAWN: (
        "Thank you for telling me that the offer for $role is withdrawn.\n\n"
        "I had counted on it, so I would like to understand what changed. Was it the role itself, or something on "
        "my side that I could learn from? I would be grateful for an open word.\n\n"
        "If things change again, I would be glad to hear from you."
    ),
}
