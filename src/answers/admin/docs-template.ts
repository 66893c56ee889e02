/** The page of the API: what is sent with each operation, what is answered, and its parts. */
export const pageTemplate = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>The API of <%= it.info.title %></title>
<link rel="stylesheet" href="docs.css">
</head>
<body>
<header>
<h1><%= it.info.title %> <%= it.info.version %>: the API</h1>
<p><%= it.info.description %> The same for programs: <a href="openapi.json">openapi.json</a>.</p>
<nav aria-label="Subjects"><% it.groups.forEach(function (group) { %>
<a href="#<%= group.name %>"><%= group.name %></a><% }) %>
<a href="#parts">parts of answers</a>
</nav>
</header>
<main>
<% it.groups.forEach(function (group) { %>
<h2 id="<%= group.name %>"><%= group.name %></h2>
<% group.operations.forEach(function (each) { %>
<details id="<%= each.id %>">
<summary><b class="<%= each.method %>"><%= each.method %></b> <code><%= each.path %></code> <span><%= each.summary %></span></summary>
<p><%= each.description %></p>
<% if (each.sent.length > 0) { %>
<table>
<thead><tr><th>Name</th><th>In</th><th>What</th></tr></thead>
<tbody><% each.sent.forEach(function (sent) { %>
<tr><td><code><%= sent.name %></code><% if (sent.isRequired) { %> <em>required</em><% } %></td><td><%= sent.where %></td><td><%= sent.text %> <small><%= sent.kind %></small></td></tr><% }) %>
</tbody>
</table>
<% } %>
<pre><code><%= each.curl %></code></pre>
<% each.done.forEach(function (done) { %>
<p><b><%= done.status %></b> <%= done.description %> <%~ include('@kind', done) %> <small><%= done.type %></small></p>
<%~ include('@fields', done) %>
<% }) %>
</details>
<% }) %>
<% }) %>
<h2 id="parts">Parts of answers</h2>
<% it.parts.forEach(function (part) { %>
<details>
<summary><code><%= part.name %></code></summary>
<p id="part-<%= part.name %>"><%~ include('@kind', part) %></p>
<%~ include('@fields', part) %>
</details>
<% }) %>
</main>
</body>
</html>
`

/** What a field is, with the parts to be followed. */
export const kindTemplate = `<% it.kind.forEach(function (piece) { if (piece.part) { %><a href="#part-<%= piece.text %>"><%= piece.text %></a><% } else { %><%= piece.text %><% } }) %>`

/** The fields of an answer, a line each. */
export const fieldsTemplate = `<% if (it.fields.length > 0) { %>
<table>
<thead><tr><th>Answered</th><th>What</th></tr></thead>
<tbody><% it.fields.forEach(function (field) { %>
<tr><td><code><%= field.name %></code><% if (!field.isAlways) { %> <em>not always</em><% } %></td><td><%= field.text %> <small><%~ include('@kind', field) %></small></td></tr><% }) %>
</tbody>
</table>
<% } %>`
