"""Result codes of RFC 5730 section 3, and the one table from our reasons to them (design, law 5)."""

from enum import IntEnum

from registry.kernel.errors import Reason, Text


class Code(IntEnum):
    """The codes that this server answers with."""

    OK = 1000
    PENDING = 1001
    NO_MESSAGES = 1300
    MESSAGE = 1301
    BYE = 1500
    UNKNOWN_COMMAND = 2000
    SYNTAX = 2001
    OUT_OF_ORDER = 2002
    MISSING = 2003
    RANGE = 2004
    VALUE = 2005
    VERSION = 2100
    COMMAND = 2101
    OPTION = 2102
    EXTENSION = 2103
    NOT_RENEWABLE = 2105
    NOT_TRANSFERABLE = 2106
    AUTHENTICATION = 2200
    AUTHORIZATION = 2201
    AUTHINFO = 2202
    PENDING_TRANSFER = 2300
    NO_TRANSFER = 2301
    EXISTS = 2302
    UNKNOWN_OBJECT = 2303
    STATUS = 2304
    ASSOCIATION = 2305
    POLICY = 2306
    OBJECT_SERVICE = 2307
    DATA_POLICY = 2308
    FAULT = 2400
    FAULT_CLOSING = 2500
    AUTHENTICATION_CLOSING = 2501
    LIMIT_CLOSING = 2502


MESSAGES = {
    Code.OK: Text("命令执行成功", "Command completed successfully"),
    Code.PENDING: Text("命令执行成功，办理中", "Command completed successfully; action pending"),
    Code.NO_MESSAGES: Text("命令执行成功，没有消息", "Command completed successfully; no messages"),
    Code.MESSAGE: Text("命令执行成功，请确认后出队", "Command completed successfully; ack to dequeue"),
    Code.BYE: Text("命令执行成功，会话结束", "Command completed successfully; ending session"),
    Code.UNKNOWN_COMMAND: Text("没有这个命令", "Unknown command"),
    Code.SYNTAX: Text("命令文法错误", "Command syntax error"),
    Code.OUT_OF_ORDER: Text("此时不能使用该命令", "Command use error"),
    Code.MISSING: Text("缺少必需的参数", "Required parameter missing"),
    Code.RANGE: Text("参数值超出范围", "Parameter value range error"),
    Code.VALUE: Text("参数值写法有误", "Parameter value syntax error"),
    Code.VERSION: Text("不支持该协议版本", "Unimplemented protocol version"),
    Code.COMMAND: Text("不支持该命令", "Unimplemented command"),
    Code.OPTION: Text("不支持该选项", "Unimplemented option"),
    Code.EXTENSION: Text("不支持该扩展", "Unimplemented extension"),
    Code.NOT_RENEWABLE: Text("该对象不能续期", "Object is not eligible for renewal"),
    Code.NOT_TRANSFERABLE: Text("该对象不能转移", "Object is not eligible for transfer"),
    Code.AUTHENTICATION: Text("身份验证失败", "Authentication error"),
    Code.AUTHORIZATION: Text("无权执行该操作", "Authorization error"),
    Code.AUTHINFO: Text("授权码不正确", "Invalid authorization information"),
    Code.PENDING_TRANSFER: Text("对象正在转移", "Object pending transfer"),
    Code.NO_TRANSFER: Text("对象没有待办的转移", "Object not pending transfer"),
    Code.EXISTS: Text("对象已经存在", "Object exists"),
    Code.UNKNOWN_OBJECT: Text("对象不存在", "Object does not exist"),
    Code.STATUS: Text("对象的状态不允许该操作", "Object status prohibits operation"),
    Code.ASSOCIATION: Text("对象的关联不允许该操作", "Object association prohibits operation"),
    Code.POLICY: Text("参数值不符合注册政策", "Parameter value policy error"),
    Code.OBJECT_SERVICE: Text("不支持该对象服务", "Unimplemented object service"),
    Code.DATA_POLICY: Text("违反数据管理政策", "Data management policy violation"),
    Code.FAULT: Text("命令执行失败", "Command failed"),
    Code.FAULT_CLOSING: Text("命令执行失败，服务器关闭连接", "Command failed; server closing connection"),
    Code.AUTHENTICATION_CLOSING: Text(
        "身份验证失败，服务器关闭连接", "Authentication error; server closing connection"
    ),
    Code.LIMIT_CLOSING: Text("会话数已达上限，服务器关闭连接", "Session limit exceeded; server closing connection"),
}

CODES = {
    Reason.COMMAND_UNKNOWN: Code.UNKNOWN_COMMAND,
    Reason.SYNTAX_INVALID: Code.SYNTAX,
    Reason.COMMAND_OUT_OF_ORDER: Code.OUT_OF_ORDER,
    Reason.PARAMETER_MISSING: Code.MISSING,
    Reason.VALUE_OUT_OF_RANGE: Code.RANGE,
    Reason.VALUE_INVALID: Code.VALUE,
    Reason.VERSION_UNSUPPORTED: Code.VERSION,
    Reason.COMMAND_UNSUPPORTED: Code.COMMAND,
    Reason.OPTION_UNSUPPORTED: Code.OPTION,
    Reason.EXTENSION_UNSUPPORTED: Code.EXTENSION,
    Reason.OBJECT_UNSUPPORTED: Code.OBJECT_SERVICE,
    Reason.TOO_LARGE: Code.RANGE,
    Reason.CREDENTIALS_WRONG: Code.AUTHENTICATION,
    Reason.SESSION_REFUSED: Code.AUTHENTICATION_CLOSING,
    Reason.SESSION_LIMIT: Code.LIMIT_CLOSING,
    Reason.RATE_LIMITED: Code.POLICY,  # the protocol has no code for it that leaves the session open
    Reason.NOT_PERMITTED: Code.AUTHORIZATION,
    Reason.AUTHINFO_WRONG: Code.AUTHINFO,
    Reason.ALREADY_EXISTS: Code.EXISTS,
    Reason.NOT_FOUND: Code.UNKNOWN_OBJECT,
    Reason.STATUS_FORBIDS: Code.STATUS,
    Reason.LINKED: Code.ASSOCIATION,
    Reason.NOT_RENEWABLE: Code.NOT_RENEWABLE,
    Reason.NOT_TRANSFERABLE: Code.NOT_TRANSFERABLE,
    Reason.TRANSFER_PENDING: Code.PENDING_TRANSFER,
    Reason.TRANSFER_NOT_PENDING: Code.NO_TRANSFER,
    Reason.NAME_INVALID: Code.VALUE,
    Reason.NAME_REFUSED: Code.POLICY,
    Reason.VERIFICATION_MISSING: Code.POLICY,
    Reason.VERIFICATION_INVALID: Code.POLICY,
    Reason.POLICY_FORBIDS: Code.POLICY,
    Reason.DATA_POLICY: Code.DATA_POLICY,
    Reason.UNAVAILABLE: Code.FAULT,
}


def closes(code: Code) -> bool:
    """Whether the server ends the connection after this answer (1500 and 25yz, RFC 5730 section 3)."""
    return code == Code.BYE or code >= Code.FAULT_CLOSING
