"""What was chosen about names, in words. Pure."""

from collections.abc import Mapping

from registry.flows.body_task.choice import Choice, ChoiceKind
from registry.kernel.errors import Text
from registry.store.body_tasks import Task

CHOICE_WORDS: Mapping[str, Text] = {
    "keep": Text("保留", "kept"),
    "follow": Text("由承继机构承继", "follows a successor"),
    "hold": Text("暂停解析", "on hold"),
    "release": Text("恢复解析", "resolves again"),
    "retire": Text("停用并永久保留", "retired for ever"),
}


def choice_words(choice: Choice, heirs: Mapping[str, str]) -> Text:
    """One, with who follows and the last day."""
    zh, en = CHOICE_WORDS[choice.kind].zh, CHOICE_WORDS[choice.kind].en
    if choice.kind is ChoiceKind.FOLLOW:
        who = heirs.get(choice.holder, choice.holder)
        zh, en = f"由{who}（{choice.holder}）承继", f"follows {who} ({choice.holder})"
    if choice.until:
        day = choice.until.isoformat()
        return Text(f"{zh}，最后使用日 {day}", f"{en}, last day {day}")
    return Text(zh, en)


def choices_words(task: Task, choices: Mapping[str, Choice], heirs: Mapping[str, str]) -> Text:
    """All of a task; ``heirs`` are the names of successors by code."""
    shown = {name["name"]: name["unicode"] for name in task.names}
    said = {name: choice_words(one, heirs) for name, one in choices.items()}
    if not said:
        return Text("没有涉及的名称", "no names are touched")
    zh = "；".join(f"{shown[name]}：{text.zh}" for name, text in said.items())
    return Text(zh, "; ".join(f"{shown[name]}: {text.en}" for name, text in said.items()))
