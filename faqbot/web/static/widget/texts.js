// Every word of the widget, in Chinese and English.

/** @typedef {"zh" | "en"} Language */

export const TEXTS = {
  zh: {
    title: "常见问题助手",
    greeting: "您好！请直接说出您的问题，我来找答案。",
    open: "打开对话",
    close: "关闭对话",
    messages: "对话内容",
    question: "您的问题",
    placeholder: "输入问题，按回车发送",
    send: "发送",
    you: "您说：",
    bot: "助手：",
    thinking: "正在查找答案…",
    choose: "请选择",
    none: "都不是",
    prompts: "您可能还想问",
    links: "相关链接",
    whole: "查看完整回答",
    person: "转人工",
    contact: "联系人工客服",
    rating: "这个回答有帮助吗？",
    helpful: "有帮助",
    unhelpful: "没有帮助",
    thanks: "谢谢您的反馈。",
    sorry: "抱歉没有帮上忙。您可以换个说法再问一次。",
    unrated: "反馈没有送达。",
    retry: "重试",
    offline: "网络已断开，恢复后可以继续提问。",
    error_network: "连接不上服务，请检查网络后重试。",
    error_busy: "服务正忙或正在启动，请稍后重试。",
    error_closed: "这个页面没有提问的权限，请联系网站管理员。",
    error_question_empty: "请输入文字。",
    error_question_too_long: "问题太长了，请缩短后再试。",
    error_other: "出了点问题，请稍后重试。",
  },
  en: {
    title: "Help assistant",
    greeting: "Hello! Just ask your question and I will look for the answer.",
    open: "Open the chat",
    close: "Close the chat",
    messages: "Conversation",
    question: "Your question",
    placeholder: "Type a question and press Enter",
    send: "Send",
    you: "You said:",
    bot: "Assistant:",
    thinking: "Looking for the answer…",
    choose: "Please choose",
    none: "None of these",
    prompts: "You may also want to know",
    links: "Links",
    whole: "Read the whole answer",
    person: "Talk to a human",
    contact: "Contact a person",
    rating: "Did this help?",
    helpful: "It helped",
    unhelpful: "It did not help",
    thanks: "Thank you for telling us.",
    sorry: "Sorry about that. Please try other words.",
    unrated: "That could not be sent.",
    retry: "Try again",
    offline: "You are offline; you can go on once the network is back.",
    error_network: "The service cannot be reached; check the network and try again.",
    error_busy: "The service is busy or starting; please try again in a moment.",
    error_closed: "This page is not allowed to ask; please tell the site's owner.",
    error_question_empty: "Please type some text.",
    error_question_too_long: "The question is too long; please shorten it.",
    error_other: "Something went wrong; please try again.",
  },
};

/** @typedef {keyof typeof TEXTS.en} TextName */
/** @typedef {(name: TextName) => string} Say */

/** @param {string} [wanted] BCP 47 tag; unset: the browser's @returns {Language} */
export function languageOf(wanted) {
  return (wanted || navigator.language || "en").toLowerCase().startsWith("zh") ? "zh" : "en";
}

/** @param {Language} language @returns {Say} */
export function speaker(language) {
  return (name) => TEXTS[language][name];
}
