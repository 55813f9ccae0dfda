from __future__ import annotations

from troth.channels.community.forum.moderating import RUN
from troth.channels.community.helping.writing import WRITE
from troth.kit.permissions import PERSON, PUBLIC

_PUBLIC = (
    *("forum", "board", "thread", "post", "search", "report", "reported"),
    *("help", "article", "rate"),
    *("customers", "logo", "leave"),
    *("stories", "story", "picture", "answer", "answer-picture"),
)
_PERSON = ("terms", "begin", "reply", "edit", "remove", "own")
_RUN = ("boards", "close-board", "queue", "moderate", "arrange", "hide", "restore")
_WRITE = (
    *("articles", "new-article", "write", "publish", "restore-edition", "withdraw", "compare"),
    *("entries", "take-off", "told-stories", "new-story", "retell", "publish-story", "unpublish"),
)
PERMISSIONS = {
    **{f"community:{name}": PUBLIC for name in _PUBLIC},
    **{f"community:{name}": PERSON for name in _PERSON},
    **{f"community:{name}": RUN for name in _RUN},
    **{f"community:{name}": WRITE for name in _WRITE},
}
