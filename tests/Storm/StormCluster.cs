using System.Security;

namespace Quorate.Tests.Storm;

/// <summary>The cluster that a storm goes through: three nodes, and services with different domains and policies.</summary>
/// <param name="HasFenceDevices">Whether a management board and a power supply can cut each node's power.</param>
internal sealed record StormCluster(bool HasFenceDevices)
{
    private const int AgentSeconds = 5;
    private const int StatusSeconds = 2;

    public IReadOnlyList<string> Nodes { get; } = ["n1", "n2", "n3"];

    public IReadOnlyList<string> Services { get; } = ["web", "mail", "files", "batch", "ledger"];

    /// <summary>Its cluster.conf.</summary>
    /// <param name="lab">The lab's directory, where its fence devices look.</param>
    /// <param name="witness">Where agents leave their tracks.</param>
    /// <param name="faults">Where agents look what they shall do wrong.</param>
    public string Configuration(string lab, string witness, string faults)
    {
        string nodes = string.Join('\n', Nodes.Select((node, index) =>
            $"""    <clusternode name="{node}" nodeid="{index + 1}" votes="1">{(HasFenceDevices ? Methods : "")}</clusternode>"""));
        string resources(string name) => $"""
                  <ocf agent="storm:Witness" name="{name}" directory="{Text(witness)}" faults="{Text(faults)}" beat="0.1">
                    <action name="start" timeout="{AgentSeconds}"/>
                    <action name="stop" timeout="{AgentSeconds}"/>
                    <action name="status" depth="*" timeout="{AgentSeconds}" interval="{StatusSeconds}"/>
                    <action name="monitor" depth="*" timeout="{AgentSeconds}" interval="{StatusSeconds}"/>
                  </ocf>
            """;
        return $"""
            <?xml version="1.0"?>
            <cluster name="storm" config_version="1">
              <clusternodes>
            {nodes}
              </clusternodes>
            {(HasFenceDevices ? Devices(Text(lab)) : "")}
              <rm>
                <failoverdomains>
                  <failoverdomain name="in-order" ordered="1" restricted="0" nofailback="0">{Members(Nodes)}</failoverdomain>
                  <failoverdomain name="stays" ordered="1" restricted="0" nofailback="1">{Members(Nodes)}</failoverdomain>
                  <failoverdomain name="last-two" ordered="0" restricted="1" nofailback="0">{Members(Nodes.Skip(1))}</failoverdomain>
                </failoverdomains>
                <service name="web" domain="in-order" recovery="relocate">{resources("web")}</service>
                <service name="mail" domain="stays" recovery="restart">{resources("mail")}</service>
                <service name="files" domain="last-two" recovery="relocate">{resources("files")}</service>
                <service name="batch" recovery="disable">{resources("batch")}</service>
                <service name="ledger" recovery="relocate" on_stop_failure="fence">{resources("ledger")}</service>
              </rm>
            </cluster>

            """;
    }

    private const string Methods =
        """<fence><method name="management"><device name="board"/></method><method name="power"><device name="supply"/></method></fence>""";

    /// <summary>The file in the lab's directory that keeps the board from answering.</summary>
    public const string BoardBreaker = "board-is-broken";

    private static string Devices(string lab) => $"""
          <fence_daemon post_fail_delay="0" post_join_delay="3"/>
          <fencedevices>
            <fencedevice name="board" agent="fence_lab" lab="{lab}" broken="{lab}/{BoardBreaker}"/>
            <fencedevice name="supply" agent="fence_lab" lab="{lab}"/>
          </fencedevices>
        """;

    private static string Members(IEnumerable<string> nodes) =>
        string.Concat(nodes.Select((node, index) => $"""<failoverdomainnode name="{node}" priority="{index + 1}"/>"""));

    private static string Text(string value) => SecurityElement.Escape(value);
}
