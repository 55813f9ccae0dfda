"""What is asked of a page, as JavaScript that runs in it and changes nothing."""

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
AXE: Final = """async tags => {
    const found = await axe.run(document, {
        runOnly: {type: 'tag', values: tags}, resultTypes: ['violations'], elementRef: false});
    return {version: axe.version, lines: found.violations.flatMap(one => one.nodes.map(node =>
        `${one.id} (${one.impact}) at ${node.target}: ${one.help}`))};
}"""
