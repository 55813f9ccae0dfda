"""What is asked of a page, as JavaScript that runs in it."""

from __future__ import annotations

from typing import Final

LOOK: Final = """() => {
    const seen = one => one.checkVisibility() && !one.closest('[aria-hidden="true"], [inert]');
    const own = location.hostname;
    const takes = one => !['hidden', 'submit', 'button', 'reset', 'image'].includes(one.type);
    const label = one => (one.labels?.[0]?.innerText || one.getAttribute('aria-label')
        || one.placeholder || '').trim().slice(0, 80);
    const places = {script: 'src', img: 'src', iframe: 'src', embed: 'src', source: 'src',
        video: 'src', audio: 'src', object: 'data', form: 'action'};
    const foreign = [...document.querySelectorAll('link[href]')]
        .filter(one => !/canonical|alternate|author|license|me|privacy/.test(one.rel))
        .map(one => ({url: one.href, kind: one.rel || 'link'}));
    for (const [tag, name] of Object.entries(places))
        for (const one of document.querySelectorAll(`${tag}[${name}]`))
            foreign.push({url: new URL(one.getAttribute(name), location).href, kind: tag});
    return {
        title: document.title,
        language: document.documentElement.lang,
        words: [...(document.querySelector('main') || document.body).querySelectorAll('p, li')]
            .filter(one => !one.querySelector('p, li')).map(one => one.innerText).join('\\n'),
        links: [...document.querySelectorAll('a[href]')]
            .map(one => ({url: one.href, rel: one.rel, seen: one.checkVisibility()})),
        controls: [...document.querySelectorAll('input, textarea, select')]
            .filter(one => takes(one) && seen(one))
            .map(one => ({name: one.name, label: label(one), kind: one.type,
                autocomplete: one.getAttribute('autocomplete') || ''})),
        foreign: foreign.filter(one => new URL(one.url).hostname !== own),
    };
}"""
FILL: Final = """mark => {
    const seen = one => one.checkVisibility() && !one.closest('[aria-hidden="true"], [inert]');
    const given = {email: `${mark}@example.invalid`, tel: '+15550100', url: `https://${mark}.invalid/`,
        number: '1', range: '1', date: '2001-02-03', text: mark, search: mark, password: mark,
        textarea: mark};
    let filled = 0;
    for (const one of document.querySelectorAll('input, textarea')) {
        const value = given[one.type];
        if (!value || one.disabled || one.readOnly || !seen(one)) continue;
        one.focus();
        const proto = one.tagName === 'INPUT' ? HTMLInputElement : HTMLTextAreaElement;
        Object.getOwnPropertyDescriptor(proto.prototype, 'value').set.call(one, value);
        for (const kind of ['input', 'keyup', 'change'])
            one.dispatchEvent(new Event(kind, {bubbles: true}));
        one.blur();
        filled += 1;
    }
    return filled;
}"""
"""Fills in what can be typed into, as somebody does who does not send it in the end."""
AXE: Final = """async tags => {
    const found = await axe.run(document, {
        runOnly: {type: 'tag', values: tags}, resultTypes: ['violations'], elementRef: false});
    return {version: axe.version, lines: found.violations.flatMap(one => one.nodes.map(node =>
        `${one.id} (${one.impact}) at ${node.target}: ${one.help}`))};
}"""
