using System.Collections.Immutable;
using System.Xml.Linq;
using Quorate.Model.Fencing;

namespace Quorate.Model.Configuration;

/// <summary>Reads <c>fencedevices</c>, <c>fence_daemon</c> and each node's <c>fence</c>.</summary>
/// <remarks>Source: DESIGN 3, S6; fenced(8).</remarks>
internal sealed class FencingReader
{
    private static readonly ImmutableHashSet<string> NotOptions = ["name", "agent", "action", "option"];

    /// <summary>The name under which fenced knew the administrator.</summary>
    private const string ManualAgent = "fence_manual";

    private readonly Dictionary<string, XElement> _devices = new(StringComparer.Ordinal);
    private readonly ProblemList _problems;

    public FencingReader(XElement root, ProblemList problems)
    {
        _problems = problems;
        foreach (XElement device in ClusterConfigurationReader.Section(root, "fencedevices", problems)?.Elements("fencedevice") ?? [])
        {
            if (device.Text("name") is { } name && !_devices.TryAdd(name, device))
            {
                problems.Warning(ProblemCode.DuplicateFenceDevice, device, $"fence device \"{name}\" is defined twice; the first is used");
            }
        }
    }

    /// <summary>How long fencing waits.</summary>
    public static FencingSettings Settings(XElement root, ProblemList problems)
    {
        XElement? daemon = ClusterConfigurationReader.Section(root, "fence_daemon", problems);
        FencingSettings standard = FencingSettings.Default;
        return new(
            Seconds(daemon, "post_fail_delay", problems) ?? standard.PostFailDelay,
            Seconds(daemon, "post_join_delay", problems) ?? standard.PostJoinDelay);
    }

    /// <summary>A node's methods in order. One that names an unknown device cannot work: it is reported and left out.</summary>
    public ImmutableArray<FenceMethod> MethodsOf(XElement node, string name)
    {
        ImmutableArray<FenceMethod>.Builder methods = ImmutableArray.CreateBuilder<FenceMethod>();
        HashSet<string> reported = new(StringComparer.Ordinal);
        int place = 0;
        foreach (XElement method in node.Elements("fence").Elements("method"))
        {
            place++;
            ImmutableArray<FenceDevice?> devices = [.. method.Elements("device").Select(device => Device(device, name, reported))];
            if (!devices.IsEmpty && devices.All(device => device is not null))
            {
                methods.Add(new FenceMethod(method.Text("name") ?? $"{place}", [.. devices.OfType<FenceDevice>()]));
            }
        }

        return methods.ToImmutable();
    }

    private FenceDevice? Device(XElement use, string node, HashSet<string> reported)
    {
        string name = use.Text("name") ?? "";
        if (!_devices.TryGetValue(name, out XElement? definition))
        {
            Report(ProblemCode.UnknownFenceDevice, $"device \"{name}\", which <fencedevices> does not define");
            return null;
        }

        if (definition.Text("agent") is not { } agent)
        {
            Report(ProblemCode.FenceAgentInvalid, $"device \"{name}\", whose <fencedevice> names no agent");
            return null;
        }

        if (agent == ManualAgent)
        {
            // A person, not a device: `quorate fence ack` is there without it.
            return null;
        }

        if (agent.Contains('/', StringComparison.Ordinal))
        {
            // Agents come from the directories that the quorum service was given; a configuration names none of its own (DESIGN 6).
            Report(ProblemCode.FenceAgentInvalid, $"device \"{name}\", whose agent \"{agent}\" is a path and not the name of a fence agent");
            return null;
        }

        return new FenceDevice(name, agent, Action(use, definition) == "off", Options(use, definition));

        void Report(string code, string what)
        {
            if (reported.Add(name))
            {
                _problems.Warning(code, use, $"node \"{node}\" is to be fenced by {what}; this method cannot work");
            }
        }
    }

    private static string Action(XElement use, XElement definition) =>
        (use.Text("action") ?? use.Text("option") ?? definition.Text("action") ?? definition.Text("option") ?? "reboot").ToLowerInvariant();

    private static ImmutableSortedDictionary<string, string> Options(XElement use, XElement definition)
    {
        ImmutableSortedDictionary<string, string>.Builder options =
            ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (XAttribute attribute in definition.Attributes().Concat(use.Attributes()))
        {
            if (!NotOptions.Contains(attribute.Name.LocalName))
            {
                options[attribute.Name.LocalName] = attribute.Value;
            }
        }

        return options.ToImmutable();
    }

    private static TimeSpan? Seconds(XElement? element, string attribute, ProblemList problems) =>
        element?.Number(attribute, least: 0, "the default is used", problems) is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
}
