using System.Collections.Immutable;

namespace Quorate.Model.Resources;

/// <summary>Which agent runs a resource and with which parameters: a resource's attributes in the agent's own words.</summary>
/// <param name="Class">The conventions the agent follows.</param>
/// <param name="Provider">The OCF provider; empty for other classes.</param>
/// <param name="Type">The OCF or rgmanager agent's name; for an LSB script what <c>@file</c> says, which an executor must check against its own directories; for a systemd unit its name.</param>
/// <param name="Parameters">By parameter name, without the prefix <c>OCF_RESKEY_</c>; empty for groups and LSB scripts.</param>
public sealed record AgentCall(AgentClass Class, string Provider, string Type, ImmutableSortedDictionary<string, string> Parameters)
{
    /// <summary>The attribute that names an LSB script.</summary>
    public const string LsbFileAttribute = "file";

    /// <summary>The attribute that names a systemd unit.</summary>
    public const string SystemdUnitAttribute = "unit";

    private static readonly ImmutableSortedDictionary<string, string> None = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>Translates a resource for its agent.</summary>
    /// <returns>Null when this version only describes the type and does not run it, or when the resource names no agent.</returns>
    public static AgentCall? For(ResourceNode node) =>
        node.Type.Agent switch
        {
            null => null,
            { Class: AgentClass.Group } => new(AgentClass.Group, "", "", None),
            { Class: AgentClass.Lsb } => node.Attributes.TryGetValue(LsbFileAttribute, out string? file) ? new(AgentClass.Lsb, "", file, None) : null,
            { Class: AgentClass.Systemd } => node.Attributes.TryGetValue(SystemdUnitAttribute, out string? unit) && IsUnitName(unit) ? new(AgentClass.Systemd, "", unit, None) : null,
            { AgentAttribute: { Length: > 0 } attribute } binding => ForNamedAgent(node, attribute, binding),
            { } binding => new(binding.Class, binding.Provider, binding.Type, Translate(node.Attributes, binding)),
        };

    /// <summary>Reads <c>provider:Type</c>; null when it is anything else, a path above all.</summary>
    public static (string Provider, string Type)? ParseAgentName(string text) =>
        text.Split(':') is [var provider, var type] && IsPlainName(provider) && IsPlainName(type) ? (provider, type) : null;

    private static AgentCall? ForNamedAgent(ResourceNode node, string attribute, AgentBinding binding) =>
        node.Attributes.TryGetValue(attribute, out string? text) && ParseAgentName(text) is var (provider, type)
            ? new(binding.Class, provider, type, Translate(node.Attributes.Remove(attribute), binding))
            : null;

    // A name becomes part of a path on the node: a slash or a leading dot would leave the executor's own directories.
    private static bool IsPlainName(string text) => text.Length > 0 && text[0] != '.' && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.');

    // Source: systemd.unit(5), with an instance after @. No path, no pattern, no option.
    private static bool IsUnitName(string text) =>
        text.Length > 0 && text[0] is not ('-' or '.') && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.' or ':' or '@' or '\\');

    private static ImmutableSortedDictionary<string, string> Translate(ImmutableSortedDictionary<string, string> attributes, AgentBinding binding)
    {
        ImmutableSortedDictionary<string, string>.Builder parameters = None.ToBuilder();
        parameters.AddRange(binding.FixedParameters);
        if (binding.Maps.IsEmpty && binding.Splits.IsEmpty && binding.Joins.IsEmpty)
        {
            foreach ((string name, string value) in attributes)
            {
                parameters[name] = value;
            }
        }

        foreach (ParameterMap map in binding.Maps)
        {
            if (attributes.TryGetValue(map.Attribute, out string? value) && value != map.Unless)
            {
                parameters[map.Parameter] = map.IsDirectory ? DirectoryOf(value) : value;
            }
        }

        foreach (ParameterJoin join in binding.Joins)
        {
            if (attributes.TryGetValue(join.Rest, out string? rest) && rest.Length > 0)
            {
                parameters[join.Parameter] = Joined(join, attributes.GetValueOrDefault(join.First, ""), rest);
            }
        }

        foreach (ParameterSplit split in binding.Splits)
        {
            if (attributes.TryGetValue(split.Attribute, out string? value))
            {
                Split(parameters, split, value);
            }
        }

        return parameters.ToImmutable();
    }

    private static string Joined(ParameterJoin join, string first, string rest) =>
        first.Length == 0 || (join.Separator == '/' && rest[0] == '/') ? rest : $"{first}{join.Separator}{rest}";

    /// <summary>As dirname(1); these are paths of the node, whatever this program runs on.</summary>
    private static string DirectoryOf(string file) => file.LastIndexOf('/') switch { < 0 => ".", 0 => "/", var cut => file[..cut] };

    private static void Split(ImmutableSortedDictionary<string, string>.Builder parameters, ParameterSplit split, string value)
    {
        int cut = value.IndexOf(split.Separator, StringComparison.Ordinal);
        parameters[split.First] = cut < 0 ? value : value[..cut];
        if (cut >= 0 && cut + 1 < value.Length)
        {
            parameters[split.Rest] = value[(cut + 1)..];
        }
    }
}
